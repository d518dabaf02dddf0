import { err, isoDate, ok, type Result } from '../../base/index.ts';
import type { FoundMember, GuardPhotoBody, LookUpAnswer, LookUpBody, StatusBits } from '../../wire/index.ts';
import type { DeskGate } from '../gate-port.ts';
import type { Guard } from '../guard.ts';
import type { DeskWork } from '../work.ts';
import { type Finding, find, type NotFound } from './find.ts';
import { FOUND_MAX, SHOW_MS } from './limits.ts';
import { Shown } from './shown.ts';

/**
 * A guard looks somebody up. The row that says who asked, why and about whom is durable before anything is answered; when
 * there can be none, there is no answer. More than a mask is never known here.
 */
export interface LookUpsParts {
  readonly gate: DeskGate;
  readonly work: DeskWork;
}

export type LookUpRefused = NotFound | { readonly problem: 'not-recorded' };

/** `person-unknown`: not on this guard's screen now. */
export type NoPhoto = 'person-unknown' | 'no-photo' | 'photo-offline';

export class LookUps {
  readonly #parts: LookUpsParts;
  readonly #shown = new Shown();

  constructor(parts: LookUpsParts) {
    this.#parts = parts;
  }

  async answer(body: LookUpBody, guard: Guard): Promise<Result<LookUpAnswer, LookUpRefused>> {
    const { gate, work } = this.#parts;
    const found = await find(body, work, gate.now());
    if (!found.ok) return found;
    const { indices, pass, several, clockUnsure } = found.value;
    const shown = indices.slice(0, FOUND_MAX);
    const row = this.#write(shown, body, guard);
    if (row === undefined) return err({ problem: 'not-recorded' });
    const photos = this.#hasPhotos && shown.length > 0;
    if (photos) this.#shown.note(row, shown, { guard, now: gate.now() });
    return ok({
      row,
      ...(photos ? { photos } : {}),
      found: shown.map((index) => memberOf(index, work)),
      more: several === true || indices.length > shown.length,
      ...(clockUnsure === undefined ? {} : { clockUnsure }),
      ...(pass === undefined ? {} : { pass: passOf(pass, work) }),
      showMs: SHOW_MS,
      leftThisHour: work.lookUpsLeft(guard.account),
    });
  }

  /** A face, for whoever has just looked that one up and for no longer than the answer stands. It is kept nowhere. */
  async photo({ row, index }: GuardPhotoBody, guard: Guard): Promise<Result<Uint8Array, NoPhoto>> {
    const { gate, work } = this.#parts;
    if (!this.#hasPhotos) return err('no-photo');
    if (!this.#shown.take(row, index, { guard, now: gate.now() })) return err('person-unknown');
    const photo = await work.photo?.({ index, row });
    if (photo?.ok !== true) return err('photo-offline');
    return photo.value === undefined ? err('no-photo') : ok(photo.value);
  }

  /** Where the community's signed policy turns them on, and there is a district to ask. */
  get #hasPhotos(): boolean {
    const { work } = this.#parts;
    return work.photo !== undefined && work.trust().policy.guardPhotos === true;
  }

  /** One is named as whom it is about, several as those who were shown. */
  #write(shown: Finding['indices'], body: LookUpBody, guard: Guard): number | undefined {
    const [index] = shown;
    const who = shown.length > 1 ? { party: shown } : index === undefined ? {} : { index };
    const { account: actor, duress } = guard;
    const written = this.#parts.gate.takeManual({
      type: 'manual',
      verb: 'look-up',
      actor,
      reason: body.purpose,
      ...who,
      ...(duress ? { duress } : {}),
    });
    return written.ok ? written.value.row : undefined;
  }
}

const STATES: Readonly<Record<StatusBits, FoundMember['state']>> = {
  0: 'valid',
  1: 'revoked',
  2: 'suspended',
  3: 'ask-guard',
};

function memberOf(index: number, { trust, standing }: DeskWork): FoundMember {
  const { roster, residents } = trust();
  const entry = roster.get(index);
  const status = residents.at(index);
  const lastDay = entry?.lastDay;
  return {
    index,
    household: entry?.household,
    display: entry?.display,
    state: STATES[status],
    minor: entry?.minor === true,
    needsMoreTime: entry?.needsMoreTime === true,
    lastDay: lastDay === undefined ? undefined : isoDate(lastDay),
    refusals: standing({
      status,
      onRoster: entry !== undefined,
      ...(lastDay === undefined ? {} : { lastDay }),
    }),
  };
}

function passOf(pass: number, { trust }: DeskWork): NonNullable<LookUpAnswer['pass']> {
  const { passes, policy } = trust();
  const gate = policy.passGates[String(pass)];
  return { pass, state: STATES[passes.at(pass)], ...(gate === undefined ? {} : { gate }) };
}
