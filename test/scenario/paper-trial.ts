import { until } from '../twins/broker.ts';
import type { GateProcess, GateProcessOptions } from '../twins/gate-process.ts';
import { type Mosquitto, mosquitto } from '../twins/mosquitto.ts';
import { enrolledKeys, PaperCommunity, type PaperOptions } from '../twins/paper-community.ts';
import { type StoringCentre, storingCentre } from '../twins/storing-centre.ts';
import { GATE, Trial } from './trial.ts';

/** A trial with a community on paper: the test holds every key, so it can sign what no district would. */
export interface PaperTrial {
  readonly trial: Trial;
  readonly paper: PaperCommunity;
  readonly centre: StoringCentre;
  readonly broker: Mosquitto;
  /** Starts a gate and waits until it has its documents and its clock is proved. */
  open(how?: Omit<GateProcessOptions, 'config'>): Promise<GateProcess>;
}

export async function paperTrial(
  options: PaperOptions,
  config: Readonly<Record<string, unknown>> = {},
): Promise<PaperTrial> {
  const trial = await Trial.begin();
  const keys = enrolledKeys(trial.dataDir);
  const gates = { [GATE]: keys.deviceKey };
  const paper = await PaperCommunity.of({ ...options, sealKey: keys.sealKey, gates });
  const documents = await paper.documents();
  trial.write('root.json', documents.root);
  const broker = await mosquitto(trial.folder, ['allow_anonymous true']);
  trial.onEnd(() => broker.kill());
  const brokerUrl = `mqtt://127.0.0.1:${broker.port}`;
  const databaseFile = trial.file('centre.sqlite');
  const centre = await storingCentre({ paper, documents, gate: GATE, ...keys, brokerUrl, databaseFile });
  trial.onEnd(() => centre.stop());
  const { district, community } = options;
  trial.configure({ district, community, config: { mqtt: { url: brokerUrl }, ...config } });
  return { trial, paper, centre, broker, open: (how = {}) => openGate(trial, centre, how) };
}

async function openGate(
  trial: Trial,
  centre: StoringCentre,
  how: Omit<GateProcessOptions, 'config'>,
): Promise<GateProcess> {
  const from = centre.heard.length;
  const gate = await trial.open(how);
  await until(() => isSettled(centre, from), 'the gate has its documents and its clock is proved', 60_000);
  return gate;
}

const DOCUMENTS = ['root', 'keyset', 'policy', 'roster', 'residents', 'visitors', 'operators', 'time'];

function isSettled(centre: StoringCentre, from: number): boolean {
  const status = lastStatus(centre, from);
  return (
    status?.state === 'online' &&
    status.clock.quality === 'synced' &&
    DOCUMENTS.every((name) => status.documents[name] !== undefined)
  );
}

export interface GateStatus {
  readonly state: string;
  readonly session: string;
  readonly clock: { readonly quality: string };
  readonly documents: Readonly<Record<string, number>>;
}

export function lastStatus(centre: StoringCentre, from = 0): GateStatus | undefined {
  const text = centre.heard.slice(from).findLast(({ channel }) => channel === 'status')?.text;
  return text === undefined ? undefined : (JSON.parse(text) as GateStatus);
}
