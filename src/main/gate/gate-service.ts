import type { GateConfig } from '../../../config/schema.ts';
import type { Desk } from '../../desk/index.ts';
import type { GateHealth } from '../../gate/index.ts';
import type { Listening } from '../../http/index.ts';
import type { Log } from '../../ports/index.ts';
import { controlledOf } from '../control/controlled.ts';
import { serveControl } from '../control/server.ts';
import type { SettingUp } from './gate-pages.ts';
import { type RunningGate, startGate } from './start-gate.ts';
import { supervised } from './supervision.ts';

/** A gate as a service: with its pages and probes, and told to whoever supervises it. */
export interface GateService extends RunningGate {
  readonly http: Listening;
  /** The guard's desk, which `http` serves. */
  readonly desk: Pick<Desk, 'firstCode'>;
}

export async function startGateService(
  config: GateConfig,
  log: Log,
  settingUp?: SettingUp,
): Promise<GateService> {
  let desk: Desk | undefined;
  const running = await startGate(config, log, { firstAccount: () => desk?.firstCode() });
  try {
    // A code is judged while the pages are still being loaded.
    const { serveGate } = await import('./gate-pages.ts');
    const health = () => healthOf(running);
    const served = await serveGate(config, { running, log, settingUp, health });
    const { http } = served;
    desk = served.desk;
    desk.start();
    const controlled = controlledOf(running, health);
    const control = await serveControl(config.dataDir, controlled, log);
    const endSupervision = supervised(health);
    log.info(
      { address: http.url, gate: config.gate, lanes: config.lanes.length },
      'the gate is open for codes',
    );
    return {
      ...running,
      http,
      desk,
      stop: async () => {
        endSupervision(true);
        controlled.stop();
        await control.stop();
        await http.stop();
        desk?.stop();
        await running.stop();
      },
    };
  } catch (problem) {
    desk?.stop();
    await running.stop();
    throw problem;
  }
}

/** What is out of order, for probes, the watchdog and the doctor. */
export function healthOf(running: RunningGate): GateHealth {
  const { gate, journal, trust, report } = running;
  const alone = running.sistersOutOfReach();
  const now = gate.clock.now();
  const journalHealth = journal.health();
  const kinds = Object.values(trust.snapshot().freshness(now).kinds);
  const readers = [...gate.lanes.values()].flatMap((lane) => lane.readers.map((reader) => reader.health()));
  const doors = [...gate.lanes.values()].filter((lane) => !lane.door.healthy);
  const found: [string, boolean, 'stops' | 'hurts'][] = [
    [`journal: ${journalHealth.fault?.detail ?? 'cannot be written'}`, !gate.journalWorks, 'stops'],
    [
      'trust: no key set in force; import a bundle or connect the gate',
      kinds.every((kind) => kind === 'none'),
      'stops',
    ],
    ...doors.map((lane): [string, boolean, 'stops'] => [
      `door of lane ${lane.id}: ${lane.door.report().detail ?? 'faulty'}`,
      true,
      'stops',
    ]),
    ...readers.map((reader): [string, boolean, 'hurts'] => [
      `reader ${reader.reader}: ${reader.detail ?? reader.state}`,
      reader.state !== 'ready',
      'hurts',
    ]),
    [
      `journal: ${gate.unrecorded} scans are not recorded; only their number is kept, and lost with the power`,
      gate.unrecorded > 0,
      'hurts',
    ],
    ['clock: not proved; codes need the guard', now.quality === 'unsure', 'hurts'],
    [
      `used codes: no broker reaches the ${alone} other gates of the community; this gate stands alone`,
      alone > 0,
      'hurts',
    ],
    ['broker: not connected', report !== undefined && !report.state().connected, 'hurts'],
    ...trust
      .problems()
      .map(({ document, what }): [string, boolean, 'hurts'] => [
        `${document ?? 'trust'}: ${what}`,
        true,
        'hurts',
      ]),
  ];
  const wrong = found.filter(([, is]) => is);
  return {
    // A full disk or a missing document is not mended by a restart: only a gate that settles no scans is.
    alive: gate.isTurning(),
    ready: wrong.every(([, , how]) => how === 'hurts'),
    problems: wrong.map(([problem]) => problem),
  };
}
