import { createReport, type Report } from '../../src/report/index.ts';
import type { RowDraft } from '../../src/wire/index.ts';
import { lowRandom, memoryLog, realClock } from './broker.ts';
import {
  keyPair,
  type MemoryJournal,
  memoryCursor,
  memoryJournal,
  openTrust,
  quietVitals,
  testSigner,
  verifySignature,
} from './gate.ts';

/** A gate's real reporting over a journal in memory with a real chain: what it is told to send again, it sends again. */
export interface ReportingGate {
  readonly id: string;
  readonly deviceKey: string;
  readonly journal: MemoryJournal;
  readonly report: Report;
  /** Cursor as it was stored, one after the other. */
  acked(): readonly number[];
  start(url: string, protocolVersion: 4 | 5): void;
  stop(): Promise<void>;
  append(count: number, draft?: (seq: number) => Partial<RowDraft>): void;
}

export function reportingGate(
  id: string,
  of: { district: string; community: number; journal?: MemoryJournal },
): ReportingGate {
  const { district, community } = of;
  const { privateKey, publicKeyHex } = keyPair();
  const journal = of.journal ?? memoryJournal(journalIdOf(id));
  const cursor = memoryCursor();
  let report: Report | undefined;
  const running = () => {
    if (report === undefined) throw new Error(`the gate ${id} was not started`);
    return report;
  };
  return {
    id,
    deviceKey: publicKeyHex,
    journal,
    get report() {
      return running();
    },
    acked: () => cursor.history.map(({ seq }) => seq),
    start: (url, protocolVersion) => {
      report = createReport({
        settings: { url, protocolVersion },
        district,
        gate: id,
        community,
        journal,
        cursor,
        trust: openTrust(),
        // A command is carried out once it has its row.
        inbox: {
          offer: (item) => {
            if (item.type === 'command') journal.append({ command: item.jti, reason: item.verb });
            return true;
          },
        },
        vitals: quietVitals(),
        signer: testSigner(privateKey, publicKeyHex),
        verifySignature,
        clock: realClock,
        random: lowRandom,
        log: memoryLog(),
      });
      report.start();
    },
    stop: () => running().stop(),
    append: (count, draft = () => ({})) => {
      for (let at = 0; at < count; at += 1) journal.append(draft(journal.head().seq + 1));
    },
  };
}

function journalIdOf(id: string): string {
  return Buffer.from(id.padEnd(16, '-')).toString('hex').slice(0, 32);
}
