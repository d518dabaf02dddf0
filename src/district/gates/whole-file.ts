import { open, rename } from 'node:fs/promises';

/** Writes a file whole before it has its name: a power cut leaves the new one or the old one. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
