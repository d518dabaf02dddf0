import { ok } from '../../base/index.ts';
import { wideStageBody } from '../../wire/index.ts';
import type { Approvals } from '../accounts/approvals.ts';
import type { Updates } from './updates.ts';

/** Stages of an update that reach a whole community or more: two persons stand behind each. */
export const WIDE_UPDATE = 'update gates';

export function registerUpdates(
  approvals: Pick<Approvals, 'register'>,
  updates: Pick<Updates, 'begin'>,
): void {
  approvals.register(WIDE_UPDATE, {
    schema: wideStageBody,
    subject: ({ release }) => `release ${release}`,
    run: async ({ release, ...stage }, { asker }) => {
      const begun = await updates.begin(release, stage, asker);
      return begun.ok ? ok({ gates: begun.value }) : begun;
    },
  });
}
