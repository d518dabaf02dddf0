/**
 * Who may import whom: the table of docs/architecture.md as data. Anything not listed is forbidden.
 * Change this table, that document and the code together.
 */

/** `values` may be imported whole, `types` by `import type` alone. Names are rooms, or doors such as `journal/reading`. */
export interface RoomRule {
  readonly values: readonly string[];
  readonly types?: readonly string[];
  /** Runs in Node and in the browser alike, so it may name no `node:` module. */
  readonly nodeless?: true;
}

const PAGE: RoomRule = {
  values: ['base', 'code', 'wire', 'verify', 'holder', 'crypto/browser', 'ui/kit'],
  nodeless: true,
};
const DEVICE: RoomRule = { values: ['base', 'ports'] };
const CAMERA: RoomRule = { values: ['base', 'ports', 'sight'] };

export const ROOMS: Readonly<Record<string, RoomRule>> = {
  base: { values: [], nodeless: true },
  code: { values: ['base'], nodeless: true },
  wire: { values: ['base', 'code'], nodeless: true },
  ports: { values: ['base', 'wire'], types: ['code'], nodeless: true },
  sight: { values: ['base'] },
  time: { values: ['base'], types: ['code', 'wire'], nodeless: true },
  verify: { values: ['base', 'code', 'wire'], nodeless: true },
  crypto: { values: ['base'], types: ['verify'] },
  issue: { values: ['base', 'code', 'wire'] },
  holder: { values: ['base', 'code', 'wire'], nodeless: true },
  decide: { values: ['base', 'code', 'wire', 'time'], types: ['verify'], nodeless: true },
  trust: { values: ['base', 'wire', 'verify', 'ports'] },
  journal: { values: ['base', 'wire', 'ports'] },
  link: { values: ['base', 'ports'] },
  report: { values: ['base', 'wire', 'ports', 'link', 'trust', 'journal/reading'] },
  http: { values: ['base', 'ports'] },
  gate: {
    values: [
      'base',
      'code',
      'wire',
      'ports',
      'time',
      'verify',
      'decide',
      'trust',
      'journal',
      'journal/reading',
      'report',
      'http',
    ],
  },
  access: { values: ['base', 'wire', 'ports'] },
  desk: {
    values: ['base', 'code', 'wire', 'ports', 'trust', 'journal/reading', 'http', 'access'],
  },
  setup: { values: ['base', 'code', 'wire', 'ports', 'http'] },
  district: { values: ['base', 'code', 'wire', 'ports', 'link', 'issue', 'verify', 'http', 'access'] },
  portal: { values: ['base', 'code', 'wire', 'ports', 'http', 'district'] },
  'ui/kit': { ...PAGE, values: [...PAGE.values, 'sight'] },
  'ui/guard': PAGE,
  'ui/setup': PAGE,
  'ui/display': PAGE,
  'ui/help': PAGE,
  'ui/console': PAGE,
  'ui/portal': PAGE,
  'ui/demo': PAGE,
  config: { values: ['base', 'wire'] },
  'device/scanner': DEVICE,
  'device/camera': CAMERA,
  'device/door': DEVICE,
  'device/clock': DEVICE,
  'device/sim': DEVICE,
  'device/os': DEVICE,
  'device/rig': DEVICE,
};

/** Rooms that may enter every other by its doors, and that nobody may enter. */
export const OPEN_ROOMS = ['main', 'test', 'bench', 'scripts'] as const;

/** A room's doors besides `index.ts`: door name to file. */
export const SECOND_DOORS: Readonly<Record<string, string>> = {
  'crypto/browser': 'src/crypto/browser.ts',
  'journal/reading': 'src/journal/reading.ts',
  'config/district': 'config/district.ts',
  'config/load': 'config/load.ts',
  'config/schema': 'config/schema.ts',
};

/** Which rooms may import an npm package; `device/*` and `ui/*` stand for all of them. Tests may import any. */
export const PACKAGE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  onoff: ['device/*'],
  serialport: ['device/*'],
  'node-hid': ['device/*'],
  koffi: ['device/*'],
  'zxing-wasm': ['device/camera', 'ui/kit'],
  'jpeg-js': ['device/camera'],
  mqtt: ['link'],
  aedes: ['main', 'district'],
  lowdb: ['trust'],
  jose: ['trust', 'issue', 'report'],
  kysely: ['district'],
  pg: ['district'],
  'pinyin-pro': ['district'],
  'csv-parse': ['district'],
  'read-excel-file': ['district'],
  pdfkit: ['district'],
  hono: ['http', 'gate', 'desk', 'setup', 'district', 'portal'],
  '@hono/zod-openapi': ['district'],
  '@hono/node-server': ['http', 'gate', 'desk', 'setup', 'district', 'portal', 'main'],
  pino: ['main'],
  'prom-client': ['main', 'http', 'gate', 'district'],
  zod: ['wire', 'config', 'trust', 'report', 'gate', 'desk', 'setup', 'district', 'portal', 'main', 'ui/kit'],
  yaml: ['config', 'main', 'scripts'],
  canonicalize: ['wire', 'journal'],
  'sm-crypto-v2': ['crypto'],
  '@noble/ed25519': ['crypto'],
  '@noble/hashes': ['crypto'],
  '@peculiar/x509': ['http', 'main', 'district'],
  'reflect-metadata': ['http', 'main', 'district'],
  'lean-qr': ['ui/kit', 'portal', 'device/rig', 'main', 'district'],
  preact: ['ui/*'],
  '@preact/signals': ['ui/*'],
  uplot: ['ui/kit', 'ui/console'],
  vite: ['scripts'],
  'bwip-js': ['scripts'],
  wabt: ['sight'],
};

/** Rooms whose every result follows from their arguments: no clock, no randomness, no timer. */
export const PURE_ROOMS = ['base', 'code', 'wire', 'verify', 'decide', 'time', 'sight'] as const;

/** Rooms that may read the environment. */
export const ENVIRONMENT_ROOMS = ['config', 'main', 'scripts', 'test', 'bench'] as const;
