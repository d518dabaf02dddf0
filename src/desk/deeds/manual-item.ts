import type { ManualItem } from '../../ports/index.ts';
import { type DeedBody, reasonWithPeople } from '../../wire/index.ts';
import type { Guard } from '../guard.ts';

type Doer = Pick<Guard, 'account' | 'duress'>;

/** What a guard's deed asks of the gate. Its row says deed and reason, `let-in:no-phone`, and who did it. */
export function manualItemOf(body: DeedBody, { account: actor, duress }: Doer): ManualItem {
  return { type: 'manual', actor, ...(duress ? { duress } : {}), ...askedBy(body) };
}

/** Deeds that switch a relay on. */
export function opens({ deed }: DeedBody): boolean {
  return deed === 'hold' || canBeUndone({ deed });
}

export function canBeUndone({ deed, hold }: { deed: DeedBody['deed']; hold?: boolean }): boolean {
  if (hold === true) return false;
  return deed === 'let-in' || deed === 'visitor' || deed === 'delivery' || deed === 'emergency';
}

function askedBy(body: DeedBody): Omit<ManualItem, 'type' | 'actor' | 'duress'> {
  const reason = `${body.deed}:${body.reason}`;
  switch (body.deed) {
    case 'let-in': {
      const { lane, index, party, entry, long } = body;
      return { verb: 'open', lane, reason, party, long, ...known({ index, entry }) };
    }
    case 'visitor':
    case 'delivery': {
      const { lane, index, people, long } = body;
      const counted = reasonWithPeople(reason, people);
      return { verb: 'open', lane, reason: counted, people, long, ...known({ index }) };
    }
    case 'emergency': {
      const { lane, hold } = body;
      if (hold) return { verb: 'hold', lane, reason: body.reason, emergency: true };
      return { verb: 'open', lane, reason };
    }
    case 'hold':
      return { verb: 'hold', lane: body.lane, reason: body.reason, second: body.second.account };
    case 'end-hold':
      return { verb: 'end-hold', lane: body.lane, reason: body.reason };
    case 'lock-down':
    case 'release':
      return {
        verb: body.deed,
        reason: body.reason,
        ...(body.lane === undefined ? {} : { lane: body.lane }),
      };
    case 'undo':
      return { verb: 'undo', reason, entry: body.entry };
  }
}

function known<Fields extends { readonly index?: number | undefined; readonly entry?: number | undefined }>({
  index,
  entry,
}: Fields): Pick<ManualItem, 'index' | 'entry'> {
  return { ...(index === undefined ? {} : { index }), ...(entry === undefined ? {} : { entry }) };
}
