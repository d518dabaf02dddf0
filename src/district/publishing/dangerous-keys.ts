import { err, ok, type Result } from '../../base/index.ts';
import { retireIssuerBody, rotateIssuerBody } from '../../wire/index.ts';
import type { Approvals } from '../accounts/approvals.ts';
import type { KeyDesk } from './key-desk.ts';

/** Changes of issuer keys: two persons stand behind each. */
export function registerKeys(approvals: Pick<Approvals, 'register'>, keys: KeyDesk): void {
  approvals.register('rotate issuer key', {
    schema: rotateIssuerBody,
    subject: ({ issuer }) => issuer,
    run: async ({ issuer }) => answer(await keys.rotateIssuer(issuer)),
  });
  approvals.register('retire issuer key', {
    schema: retireIssuerBody,
    subject: ({ kid }) => `kid ${kid}`,
    run: async ({ kid, cutOff }) =>
      answer(await keys.retireIssuerKey(kid, cutOff === undefined ? {} : { cutOff })),
  });
}

function answer(done: Result<number, string>): Result<{ kid: number }, string> {
  return done.ok ? ok({ kid: done.value }) : err(done.error);
}
