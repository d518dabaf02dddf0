import { expect, it } from 'vitest';
import { memoryLog } from '../../test/twins/broker.ts';
import { SteppedClock } from '../../test/twins/clock.ts';
import { UnenrolledGate } from './unenrolled.ts';

const SET_UP = { address: 'https://192.0.2.5:8443/setup', figures: '04815926' };

function unenrolled() {
  const gate = new UnenrolledGate({
    lanes: [{ id: 'main', direction: 'in', readers: [] }],
    timeZone: 'Asia/Shanghai',
    enrol: async () => undefined,
    fingerprint: () => 'ab'.repeat(32),
    setUp: () => SET_UP,
    clock: new SteppedClock(),
    log: memoryLog(),
  });
  return { gate, shown: () => gate.display.state('main') };
}

it('says how it is set up from elsewhere until it is enrolled, and not after', async () => {
  const { gate, shown } = unenrolled();
  await gate.start();
  expect(shown()).toMatchObject({ enrolment: { step: 'symbol' }, setUp: SET_UP });
  expect(await gate.enrol('MENWEI-ENROL:X')).toBeUndefined();
  expect(shown()).toMatchObject({ enrolment: { step: 'confirm' } });
  expect(shown()).not.toHaveProperty('setUp');
  await gate.stop();
});
