import { afterEach, beforeEach, expect, test } from 'vitest';
import { QuietDistrict, type QuietGate } from '../../../test/twins/quiet-district.ts';
import type { DangerousHandler } from '../accounts/approvals.ts';
import { registerKeys } from './dangerous-keys.ts';

let district: QuietDistrict;
let gate: QuietGate;
interface Handler {
  readonly isBody: (body: unknown) => boolean;
  readonly run: (body: unknown) => Promise<unknown>;
}
const handlers = new Map<string, Handler>();

beforeEach(async () => {
  district = await QuietDistrict.start();
  gate = await district.gate('north-1');
  await district.publisher.publishAll();
  await gate.listen();
  handlers.clear();
  const register = <Body>(action: string, handler: DangerousHandler<Body>) =>
    void handlers.set(action, {
      isBody: (body) => handler.schema.safeParse(body).success,
      run: (body) => handler.run(handler.schema.parse(body), { asker: 'a', approver: 'b' }),
    });
  registerKeys({ register }, district.desk);
});
afterEach(() => district.stop());

/** As it is done once a second person has approved. */
async function approved(action: string, body: unknown) {
  const handler = handlers.get(action);
  if (handler === undefined) throw new Error(`nobody carries out ${action}`);
  return handler.run(body);
}

test('two persons rotate an issuer’s key: it is published when they are told so', async () => {
  const done = await approved('rotate issuer key', { issuer: 'district' });
  expect(done).toMatchObject({ ok: true, value: { kid: expect.any(Number) } });
  await gate.listen();
  expect(gate.trust.snapshot().keys.size).toBe(2);
  expect(await approved('rotate issuer key', { issuer: 'nobody' })).toEqual({
    ok: false,
    error: 'no-such-issuer',
  });
});

test('two persons withdraw a key: gates have heard it when they are told so', async () => {
  const kid = district.desk.states()[0]?.kid ?? -1;
  expect(await approved('retire issuer key', { kid })).toEqual({ ok: true, value: { kid } });
  await gate.listen();
  expect(gate.trust.snapshot().keys.get(kid)?.retired).toBe(true);
  expect(await approved('retire issuer key', { kid })).toEqual({ ok: false, error: 'retired-already' });
});

test('what is no kid and no second is not carried out', () => {
  const handler = handlers.get('retire issuer key');
  for (const body of [{ kid: 256 }, { kid: -1 }, { kid: 1, cutOff: 1.5 }, { kid: 1, more: true }])
    expect(handler?.isBody(body)).toBe(false);
});
