import { until } from '../twins/broker.ts';
import { DeskClient } from '../twins/desk-client.ts';
import { type GateProcess, menwei } from '../twins/gate-process.ts';
import { enrolledKeys, PaperCommunity, type Person } from '../twins/paper-community.ts';
import { GATE, LANE, Trial } from './trial.ts';

/** A gate on trial with residents who can be looked up, carried there in a file, and guards at its desk. No network. */

export const HEAD = { account: 'h-01', secret: '480592' } as const;
export const GUARD = { account: 'g-07', secret: '731846' } as const;
export const PULSE_MS = 700;
const DISTRICT = 'village';
const COMMUNITY = 12;

export class GuardTrial {
  readonly trial: Trial;
  head: DeskClient;
  guard: DeskClient;
  gate: GateProcess;
  /** Of the gate's pages. */
  address: string;

  private constructor(trial: Trial, gate: GateProcess, address: string) {
    this.trial = trial;
    this.gate = gate;
    this.address = address;
    this.head = new DeskClient(address, HEAD);
    this.guard = new DeskClient(address, GUARD);
  }

  /** Both guards are signed in, and their shifts have begun. */
  static async begin(
    people: readonly Person[],
    config: Readonly<Record<string, unknown>> = {},
  ): Promise<GuardTrial> {
    const trial = await Trial.begin();
    const { sealKey, deviceKey } = enrolledKeys(trial.dataDir);
    const paper = await PaperCommunity.of({
      district: DISTRICT,
      community: COMMUNITY,
      issuers: [{ kid: 1, suite: 1 }],
      people,
      places: 1_000,
      passes: 100,
      passStatuses: [{ place: 41, state: 1 }],
      gates: { [GATE]: deviceKey },
      sealKey,
      // Nothing is about to run out.
      lifeDays: 200,
    });
    const bundle = trial.write('bundle.json', await paper.bundle());
    trial.write('root.json', (await paper.documents()).root);
    trial.configure({
      district: DISTRICT,
      community: COMMUNITY,
      config: {
        trust: { root: 'root.json', plainRoster: false },
        lanes: [
          {
            id: LANE,
            readers: [{ id: 'scanner', type: 'serial', path: trial.file('reader'), baudRate: 115_200 }],
            door: { driver: 'folder', chip: 'door', relay: { pulseMs: PULSE_MS } },
          },
        ],
        ...config,
      },
    });
    const said = await menwei(['trust', 'import', bundle, '--config', trial.configFile]);
    if (said.code !== 0) throw new Error(`trust import: ${said.output}${said.error}`);
    const gate = trial.start();
    const desk = new GuardTrial(trial, gate, await gate.open());
    await firstGuards(desk.gate, desk.head, desk.guard);
    return desk;
  }

  /** After the process has ended: the same gate anew, and both guards sign in again. */
  async again(): Promise<void> {
    this.close();
    this.gate = this.trial.start();
    this.address = await this.gate.open();
    this.head = new DeskClient(this.address, HEAD);
    this.guard = new DeskClient(this.address, GUARD);
    for (const each of [this.head, this.guard]) {
      const { status, text } = await each.signIn();
      if (status !== 200) throw new Error(`${each.account} cannot sign in: ${text}`);
    }
  }

  /** Rows of the journal that say so, as they are now. */
  rows(reason: RegExp) {
    return this.trial.rows().filter((row) => reason.test(row.reason ?? ''));
  }

  isRelayOn(): boolean {
    return this.trial.relay.openings().some(({ offMs }) => offMs === Number.POSITIVE_INFINITY);
  }

  close(): void {
    this.head.close();
    this.guard.close();
  }

  async end(): Promise<void> {
    this.close();
    await this.trial.end();
  }
}

/** Both have accounts, the head's by the gate's own figures; they are signed in, and their shifts have begun. */
export async function firstGuards(gate: GateProcess, head: DeskClient, guard: DeskClient): Promise<void> {
  const figures = () => /"code":"(\d{8})"/.exec(gate.log)?.[1];
  await until(() => figures() !== undefined, 'the gate says the figures of its first account');
  const begun = await head.begin(figures() ?? '');
  const invited = await head.ask('accounts', { account: guard.account });
  const joined = await guard.begin(String(invited.body['code']));
  const shifts = [await head.startShift(), await guard.startShift()];
  for (const { status, text } of [begun, invited, joined, ...shifts])
    if (status !== 200) throw new Error(`the desk: ${status} ${text}`);
}

export { LANE };
