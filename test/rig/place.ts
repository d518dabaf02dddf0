import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstGuards, GUARD, HEAD } from '../scenario/guard-trial.ts';
import { CodeMaker, mixedPaper } from '../scenario/mixed-codes.ts';
import { LANE, Trial } from '../scenario/trial.ts';
import { DeskClient } from '../twins/desk-client.ts';
import { menwei } from '../twins/gate-process.ts';
import { enrolledKeys, PaperCommunity } from '../twins/paper-community.ts';

/**
 * The files of a gate that was set up on this machine, by the programs that an installer uses: keys, documents of a community
 * on paper, two guards who have signed in, and a configuration that names the virtual Pi's devices.
 */
export const LINE = { relay: 17, contact: 27, exitButton: 22, fire: 23, passage: 24, tamper: 25 } as const;
/** Long: the emulator is slow, and what is asked of a pulse is that it ends. */
export const PULSE_MS = 1_500;
export const CABLE = '/dev/serial/by-id/usb-QEMU_QEMU_USB_SERIAL_RIG0002-if00-port0';
export const READER_BY_ID = 'usb-Menwei_Virtual_Reader_RIG0001';
export const READERS = [
  { id: 'cable', type: 'serial', path: CABLE, baudRate: 115_200 },
  // Patient: in the emulator a reader may pause in the middle of a text.
  { id: 'keys', type: 'keyboard', path: `/dev/input/by-id/${READER_BY_ID}-event-kbd`, idleMs: 5_000 },
  { id: 'pos', type: 'hid-pos', path: `/dev/menwei/hid-pos-${READER_BY_ID.slice('usb-'.length)}` },
  { id: 'acm', type: 'serial', path: `/dev/serial/by-id/${READER_BY_ID}-if02` },
];
/** Of these, those that guest/gadget plugs in. */
export const ON_THE_GADGET = ['keys', 'pos', 'acm'];

export interface PiConfig {
  readonly readers?: readonly object[];
  readonly door?: object;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** @param folder made here; it gets `data`, `root.json` and `gate.yaml` */
export async function setUpPlace(folder: string, config: PiConfig): Promise<CodeMaker> {
  const trial = await Trial.begin();
  try {
    const { deviceKey, sealKey } = enrolledKeys(trial.dataDir);
    const options = { ...mixedPaper(), sealKey, gates: { 'north-1': deviceKey }, lifeDays: 200 };
    const lane = { printedCard: 'open', pulseMs: PULSE_MS, longPulseMs: PULSE_MS };
    const paper = await PaperCommunity.of({ ...options, policy: { windowSeconds: 900, lane } });
    trial.write('root.json', (await paper.documents()).root);
    const bundle = trial.write('bundle.json', await paper.bundle());
    const { district, community } = options;
    trial.configure({ district, community, config: { trust: { root: 'root.json' } } });
    const said = await menwei(['trust', 'import', bundle, '--config', trial.configFile]);
    if (said.code !== 0) throw new Error(`trust import: ${said.output}${said.error}`);
    const gate = trial.start();
    const address = await gate.open();
    await firstGuards(gate, new DeskClient(address, HEAD), new DeskClient(address, GUARD));
    await gate.stop();
    mkdirSync(folder);
    for (const part of ['data', 'root.json'])
      cpSync(trial.file(part), join(folder, part), { recursive: true });
    writeFileSync(
      join(folder, 'gate.yaml'),
      JSON.stringify(guestConfig({ district, community }, config), undefined, 1),
    );
    return new CodeMaker(options.people, (kid) => paper.issuer(kid));
  } finally {
    await trial.end();
  }
}

/** A gate's configuration, with the virtual Pi's devices. */
export function guestConfig(
  of: { readonly district: string; readonly community: number },
  config: PiConfig,
): object {
  const {
    readers = [{ id: 'scanner', type: 'serial', path: CABLE, baudRate: 115_200 }],
    door = {},
    more = {},
  } = config;
  const { relay, contact, exitButton, fire } = LINE;
  const wired = { contact: { line: contact }, exitButton: { line: exitButton }, fire: { line: fire } };
  return {
    ...of,
    gate: 'north-1',
    dataDir: 'data',
    trust: { root: 'root.json' },
    clock: { battery: true },
    lanes: [{ id: LANE, readers, door: { driver: 'gpio', relay: { line: relay }, ...wired, ...door } }],
    ...more,
  };
}
