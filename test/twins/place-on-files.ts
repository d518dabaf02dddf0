import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pictureOf } from '../../device/camera/testing.ts';
import { issueToken } from '../../src/issue/index.ts';
import { nowSeconds, PaperCommunity } from './paper-community.ts';

/**
 * A place to try a packed gate at, wherever it runs: `node test/twins/place-on-files.ts FOLDER`. Writes gate.yaml, root.json,
 * bundle.json, and codes/1.pgm and on (and their text): each a good code that opens once. Readers are the folder `pictures` and
 * the display's page, the door is the folder `door`.
 */

const COMMUNITY = 4_711;
const DISTRICT = 'paper';
const KID = 1;
const CODES = 6;
const PICTURE = { width: 480, height: 480 };

export async function placeOnFiles(folder: string): Promise<void> {
  const people = Array.from({ length: CODES + 1 }, (_, index) => ({ index, household: index, order: 0 }));
  const paper = await PaperCommunity.of({
    district: DISTRICT,
    community: COMMUNITY,
    issuers: [{ kid: KID, suite: 1 }],
    people,
    places: 1_000,
  });
  for (const name of ['pictures', 'door', 'codes']) mkdirSync(join(folder, name), { recursive: true });
  const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
  write('root.json', (await paper.documents()).root);
  write('bundle.json', await paper.bundle());
  write('gate.yaml', `${JSON.stringify(CONFIG, undefined, 1)}\n`);
  for (let index = 1; index <= CODES; index += 1) {
    const token = { index, iat: nowSeconds(), ttlMinutes: 60, assurance: 1 } as const;
    const text = issueToken(paper.issuer(KID), token).canonical;
    const { grey } = pictureOf(text, PICTURE);
    write(`codes/${index}.txt`, text);
    write(
      `codes/${index}.pgm`,
      Buffer.concat([Buffer.from(`P5\n${PICTURE.width} ${PICTURE.height}\n255\n`), grey]),
    );
  }
}

/** Relative to its own folder, so that it may be moved. */
const CONFIG = {
  gate: 'north-1',
  district: DISTRICT,
  community: COMMUNITY,
  dataDir: 'data',
  trust: { root: 'root.json', plainRoster: true },
  http: { host: '127.0.0.1', port: 8443 },
  clock: { battery: true },
  lanes: [
    {
      id: 'north',
      readers: [
        { id: 'pictures', type: 'directory', path: 'pictures' },
        { id: 'page', type: 'display' },
      ],
      door: { driver: 'folder', chip: 'door' },
    },
  ],
};

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('usage: node test/twins/place-on-files.ts FOLDER');
  await placeOnFiles(folder);
}
