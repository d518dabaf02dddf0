import { until } from '../twins/broker.ts';
import type { GateProcess, GateProcessOptions } from '../twins/gate-process.ts';
import { type Mosquitto, mosquitto } from '../twins/mosquitto.ts';
import { COMMUNITY, DISTRICT, RealDistrict, type RealDistrictOptions } from '../twins/real-district.ts';
import { GATE, Trial } from './trial.ts';

/** A trial with the real district centre at a real mosquitto, which keeps what it has over a restart. */
export interface DistrictTrial {
  readonly trial: Trial;
  readonly broker: Mosquitto;
  readonly district: RealDistrict;
  /** Starts a gate and waits until it has its documents and its clock is proved. */
  open(how?: Omit<GateProcessOptions, 'config'>): Promise<GateProcess>;
}

export async function districtTrial(
  config: Readonly<Record<string, unknown>> = {},
  more: Pick<RealDistrictOptions, 'makers'> = {},
): Promise<DistrictTrial> {
  const trial = await Trial.begin();
  const broker = await mosquitto(trial.folder, [
    'allow_anonymous true',
    'persistence true',
    `persistence_location ${trial.folder}/`,
    'autosave_interval 1',
  ]);
  trial.onEnd(() => broker.kill('SIGKILL'));
  const brokerUrl = `mqtt://127.0.0.1:${broker.port}`;
  const district = await RealDistrict.start({
    folder: trial.folder,
    brokerUrl,
    gate: GATE,
    gateData: trial.dataDir,
    ...more,
  });
  trial.onEnd(() => district.stop());
  trial.write('root.json', await district.centre.rootDocument());
  trial.configure({
    district: DISTRICT,
    community: COMMUNITY,
    config: { mqtt: { url: brokerUrl }, ...config },
  });
  return {
    trial,
    broker,
    district,
    open: async (how = {}) => {
      const from = trial.rows().length;
      const gate = await trial.open(how);
      const isSure = () =>
        trial
          .rows()
          .slice(from)
          .some(({ clock }) => clock === 'synced');
      await until(isSure, 'the clock is proved', 60_000);
      await until(() => district.gateHolds(DOCUMENTS), 'the documents are there', 60_000);
      return gate;
    },
  };
}

const DOCUMENTS = ['root', 'keyset', 'policy', 'roster', 'residents', 'operators'];

/** N1, N2: the district has every row of the journal, once, and no other. */
export function isTold({ trial, district }: DistrictTrial): boolean {
  const spelled = (rows: readonly { seq: number; hash: string }[]) =>
    rows.map(({ seq, hash }) => `${seq} ${hash}`).join();
  return spelled(district.stored()) === spelled(trial.rows());
}
