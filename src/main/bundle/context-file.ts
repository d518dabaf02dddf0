import { readFile, stat } from 'node:fs/promises';
import { err, ok, type Result } from '../../base/index.ts';
import { type ContextFile, contextFile } from '../../wire/index.ts';

/** Reads a context file and checks it whole: either all of it is right, or every problem is named by its field. */

/** 256 MiB: a district of a few million residents. */
const CONTEXT_BYTES_MAX = 256 * 1024 * 1024;

export async function readContext(path: string): Promise<Result<ContextFile, readonly string[]>> {
  const text = await readText(path);
  if (!text.ok) return err([text.error]);
  const json = parseJson(text.value);
  if (!json.ok) return err([json.error]);
  const checked = contextFile.safeParse(json.value);
  if (checked.success) return ok(checked.data);
  return err(
    checked.error.issues.map(({ path: field, message }) => `${field.join('.') || 'the file'}: ${message}`),
  );
}

async function readText(path: string): Promise<Result<string, string>> {
  try {
    const { size } = await stat(path);
    if (size > CONTEXT_BYTES_MAX) return err(`is larger than ${CONTEXT_BYTES_MAX} bytes`);
    return ok(await readFile(path, 'utf8'));
  } catch (problem) {
    return err(
      `cannot be read (${problem instanceof Error && 'code' in problem ? String(problem.code) : 'unknown'})`,
    );
  }
}

function parseJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return err('is not JSON');
  }
}
