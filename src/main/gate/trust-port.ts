import { type MonotonicMs, type Result, wallMs } from '../../base/index.ts';
import type { ClockKeeper } from '../../gate/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { Arrival, Accepted as Taken, TrustPort } from '../../report/index.ts';
import { type Accepted, type DocumentRefused, describeRefused, type TrustKeeper } from '../../trust/index.ts';
import type { AckClaims, PhotoClaims } from '../../wire/index.ts';

/** Trust as reporting sees it, and as the gate's clock hears of it: a signed time is evidence, however it came. */
export function trustPort(
  keeper: TrustKeeper,
  clock: Pick<ClockKeeper, 'now' | 'take'>,
  machine: Pick<Clock, 'monotonic'>,
): TrustPort {
  return {
    versions: () =>
      Object.fromEntries([...keeper.snapshot().versions].map(([name, { version }]) => [name, version])),
    async accept(text, arrival) {
      const accepted = await keeper.accept(text, clock.now());
      if (!accepted.ok) return refusedOf(accepted.error);
      hearOfTime(accepted.value, { clock, arrival, answeredAt: machine.monotonic() });
      return { ok: true, changed: accepted.value.changed };
    },
    async verifyAck(token): Promise<Result<AckClaims, string>> {
      const ack = await keeper.verifyAck(token);
      return ack.ok ? ack : { ok: false, error: ack.error.reason };
    },
    async verifyCommand(token, { session }) {
      const context = { sessionNonce: session, receivedAt: machine.monotonic(), now: clock.now() };
      const item = await keeper.verifyCommand(token, context);
      return item.type === 'command' ? { ok: true, value: item } : { ok: false, error: item };
    },
    sisterGates: () => keeper.snapshot().policy.gates,
    onChange: (listener) => keeper.onChange(() => listener()),
  };
}

/** A photo that the district has sealed to this gate. */
export async function believedPhoto(
  keeper: Pick<TrustKeeper, 'verifyPhoto'>,
  token: string,
): Promise<Result<PhotoClaims, string>> {
  const photo = await keeper.verifyPhoto(token);
  return photo.ok ? photo : { ok: false, error: photo.error.reason };
}

/** What an accepted document is evidence of, for the clock. */
export function hearOfTime(
  accepted: Accepted,
  at: {
    readonly clock: Pick<ClockKeeper, 'take'>;
    readonly arrival?: Arrival;
    readonly answeredAt: MonotonicMs;
  },
): void {
  const { clock, arrival, answeredAt } = at;
  if (accepted.resets.includes('time')) clock.take({ type: 'time-key-changed' });
  if (accepted.time === undefined) return;
  const atMs = wallMs(accepted.time.timeMs);
  const asked = arrival?.answers;
  const answersUs = asked !== undefined && accepted.time.nonce === asked.nonce;
  if (answersUs) clock.take({ type: 'answered', atMs, askedAt: asked.askedAt, answeredAt });
  else clock.take({ type: 'signed', atMs });
}

function refusedOf(refused: DocumentRefused): Taken {
  const { wantsSnapshot } = refused;
  return {
    ok: false,
    why: describeRefused(refused),
    ...(wantsSnapshot === undefined ? {} : { wants: wantsSnapshot }),
  };
}
