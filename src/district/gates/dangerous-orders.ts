import { z } from 'zod';
import { ok } from '../../base/index.ts';
import { gateId, laneId } from '../../wire/index.ts';
import type { Approvals } from '../accounts/approvals.ts';
import type { Orders } from './orders.ts';

/** Orders that leave a door open to whoever comes: two persons stand behind each. */
export const RELEASE = 'release doors';

const releaseBody = z.strictObject({
  gate: gateId,
  lane: laneId.optional(),
  reason: z.string().min(1).max(200),
});

export function registerOrders(approvals: Approvals, orders: Pick<Orders, 'give'>): void {
  approvals.register(RELEASE, {
    schema: releaseBody,
    subject: ({ gate }) => gate,
    run: async ({ gate, lane, reason }, { asker }) => {
      const command = { verb: 'release' as const, reason, ...(lane === undefined ? {} : { lane }) };
      const given = await orders.give(gate, command, asker);
      return given.ok ? ok({ jti: given.value }) : given;
    },
  });
}
