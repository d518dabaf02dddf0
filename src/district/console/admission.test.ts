import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESK_ROLES, type DeskRole } from '../../wire/index.ts';
import { SCREENS } from './screens/screens.ts';
import { type ConsoleTrial, startConsoleTrial } from './testing.ts';

/** Every page and every form of the console, whoever adds it, against nobody and against every role that it is not for. */

let trial: ConsoleTrial;
const cookies = new Map<DeskRole, string>();

beforeAll(async () => {
  trial = await startConsoleTrial();
  for (const role of DESK_ROLES) {
    await trial.account(`only-${role}`, [role]);
    cookies.set(role, await trial.cookie(`only-${role}`));
  }
});
afterAll(() => trial.stop());

const TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
const places = SCREENS.map((screen) => ({
  screen,
  path: `/console${screen.path.replaceAll(/:[a-z]+/g, '1')}`,
}));

test('nobody who is not signed in sees a page or sends a form', async () => {
  expect(places.length).toBeGreaterThan(8);
  for (const { screen, path } of places) {
    const forms = Object.keys(screen.forms ?? {}).map((form) => ({
      method: 'POST',
      headers: TYPE,
      body: `form=${form}`,
    }));
    for (const init of [{}, ...forms]) {
      const answer = await trial.app.request(path, init);
      expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 303, '/console/sign-in']);
    }
  }
});

test('nobody of a role that it is not for sees a page or sends a form', async () => {
  let tried = 0;
  for (const { screen, path } of places) {
    for (const [role, cookie] of cookies) {
      const forms = Object.entries(screen.forms ?? {}).filter(
        ([, { may }]) => !(may.includes(role) && screen.may.includes(role)),
      );
      const sent = forms.map(([form]) => ({
        method: 'POST',
        headers: { cookie, ...TYPE },
        body: `form=${form}`,
      }));
      for (const init of [...(screen.may.includes(role) ? [] : [{ headers: { cookie } }]), ...sent]) {
        tried += 1;
        const answer = await trial.app.request(path, init);
        expect([role, path, init, answer.status]).toEqual([role, path, init, 403]);
      }
    }
  }
  expect(tried).toBeGreaterThan(30);
});
