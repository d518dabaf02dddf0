import { toHex } from '../../../src/base/index.ts';
import { PHONES, phoneOf } from '../simulator/district.ts';
import type { Evidence, Proof, Say } from './evidence.ts';

/** A3: versions never fall. A4: who acts by hand is named, and why. N1: only the district's word moves the cursor. P1: no code is written down. */

/** Its version is a time, and what only tells a later minute need not outlive a restart. */
const NOT_STORED_EACH_TIME = 'time';

export function paperProof(evidence: Evidence, say: Say): Proof {
  const highest = new Map<string, number>();
  const acknowledged = new Set<string>();
  let cursor = 0;
  return {
    see(event) {
      switch (event.type) {
        case 'start':
          highest.delete(NOT_STORED_EACH_TIME);
          return;
        case 'versions':
          for (const name of new Set([...highest.keys(), ...event.versions.keys()])) {
            const [before, now] = [highest.get(name) ?? 0, event.versions.get(name) ?? 0];
            if (now < before) say('A3', `${name} falls from version ${before} to ${now}`);
            highest.set(name, Math.max(before, now));
          }
          return;
        case 'acknowledged':
          acknowledged.add(`${event.journal} ${event.seq} ${event.hash}`);
          return;
        case 'cursor':
          if (!acknowledged.has(`${event.journal} ${event.seq} ${event.hash}`))
            say('N1', `the cursor moves to row ${event.seq}, which the district never acknowledged`);
          if (event.seq < cursor) say('N1', `the cursor falls from ${cursor} to ${event.seq}`);
          cursor = event.seq;
          return;
        case 'appended':
          for (const { decision, actor, reason, seq } of event.rows) {
            if (decision === 'manual' && (isBlank(actor) || isBlank(reason)))
              say('A4', `row ${seq} does not say who opened, or why`);
          }
          return;
        default:
      }
    },
    end() {
      const written = whatIsWritten(evidence);
      for (const { text } of evidence.codes.values())
        if (written.includes(text)) say('P1', `a code is written down: ${text.slice(0, 12)}…`);
      for (const phone of PHONES) {
        const key = phoneOf(phone).publicKey;
        if (written.includes(toHex(key)) || written.includes(Buffer.from(key).toString('base64url')))
          say('P1', `the key of phone ${phone} is written down`);
      }
      if (written.includes('住*')) say('P1', 'a display name is written down');
    },
  };
}

/** All that stays on a gate: rows, memory, log. In upper case, as codes are printed, and as it is. */
function whatIsWritten({ rows, trace, logLines }: Evidence): string {
  const memory = trace.flatMap((event) => (event.type === 'appended' ? event.memory : []));
  const written = [JSON.stringify(rows), JSON.stringify(memory), ...logLines].join('\n');
  return `${written}\n${written.toUpperCase()}`;
}

function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}
