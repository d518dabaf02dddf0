import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { memoryLog, realClock, until } from '../../../test/twins/broker.ts';
import { gateOf } from '../../../test/twins/chains.ts';
import { keyPair } from '../../../test/twins/gate.ts';
import { GATE_WAITING_MAX, WAITING_MAX, WORK_AT_ONCE } from '../ingest/limits.ts';
import { MESSAGE_BYTES_MAX } from '../limits.ts';
import { Intake } from './intake.ts';

/** What a broker brings: in turn by gate, held back before it is dropped, counted when it is, said when nothing can be stored. */

const key = keyPair();
const database = { answers: true };
let held: (() => void)[] = [];
let handled: string[] = [];
let isHolding = false;
let recovered = 0;
let log: ReturnType<typeof memoryLog>;
let intake: Intake;

beforeEach(() => {
  [held, handled, isHolding, recovered, log] = [[], [], false, 0, memoryLog()];
  database.answers = true;
  const gates = {
    gate: (id: string) =>
      Promise.resolve(id === 'stranger' ? undefined : { ...gateOf(id, key), ended: null }),
  };
  intake = new Intake({
    gates,
    handle: async ({ id }, { payload }) => {
      if (isHolding) await new Promise<void>((resolve) => void held.push(resolve));
      if (!database.answers) throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
      if (payload[0] !== 123) JSON.parse('no JSON');
      handled.push(id);
    },
    onRecovered: async () => {
      recovered += 1;
    },
    probe: () => (database.answers ? Promise.resolve() : Promise.reject(new Error('gone'))),
    clock: realClock,
    log,
  });
});
afterEach(async () => {
  isHolding = false;
  for (const end of held.splice(0)) end();
  await intake.stop();
});

const hear = (gate: string, payload: Uint8Array = Buffer.from('{}')) =>
  intake.hear({ topic: `menwei/1/d-1/gates/${gate}/entries`, payload, retained: false });
const said = (words: string) => log.lines.filter((line) => line.includes(words)).length;

describe('the intake', () => {
  test('what is not of this contract, or empty, is passed over; a stranger is told of', async () => {
    void intake.hear({ topic: 'menwei/1/d-1/trust/root', payload: Buffer.from('{}'), retained: false });
    void hear('gate-1', Buffer.alloc(0));
    void hear('stranger');
    void hear('gate-2');
    await until(() => handled.length === 1, 'one is handled');
    expect(handled).toEqual(['gate-2']);
    expect(said('not enrolled')).toBe(1);
  });

  test.each([
    [MESSAGE_BYTES_MAX - 1, 0],
    [MESSAGE_BYTES_MAX, 0],
    [MESSAGE_BYTES_MAX + 1, 1],
  ])('a message of %i bytes: %i is too large', async (bytes, count) => {
    void hear('gate-1', Buffer.alloc(bytes, '{'));
    expect(intake.counts.tooLarge).toBe(count);
    await until(() => handled.length === 1 - count, 'the others are handled');
  });

  test('one gate with too much here loses its own messages alone, and they are counted', async () => {
    isHolding = true;
    for (let at = 0; at < GATE_WAITING_MAX + 3; at += 1) void hear('loud');
    void hear('quiet');
    expect(intake.counts).toMatchObject({ gateFull: 2, full: 0 });
    await until(() => held.length === 2, 'both are worked for');
  });

  test('before anything of all gates is dropped, the broker is held back', async () => {
    isHolding = true;
    const gates = Array.from({ length: WAITING_MAX }, (_, at) => `gate-${at}`);
    for (const gate of gates) expect(hear(gate)).toBeUndefined();
    const late = hear('late');
    expect(late).toBeInstanceOf(Promise);
    await until(() => held.length === WORK_AT_ONCE, 'as many are worked for as may be');
    held.shift()?.();
    await late;
    expect(intake.counts.full).toBe(0);
  });

  test('a message that cannot be understood is counted, and holds up nothing', async () => {
    void hear('gate-1', Buffer.from('x'));
    void hear('gate-1');
    await until(() => handled.length === 1, 'the next one is handled');
    expect(intake.counts).toMatchObject({ malformed: 1, failed: 0 });
    expect(said('could not be understood')).toBe(1);
  });

  test('a database that goes is told once, and once it is back gates hear of it', async () => {
    database.answers = false;
    for (const gate of ['a', 'b', 'c']) void hear(gate);
    await until(() => intake.counts.failed === 3, 'they fail');
    expect(said('the database does not take')).toBe(1);
    database.answers = true;
    await until(() => recovered === 1, 'it is back');
    expect(said('takes what gates send again')).toBe(1);
    void hear('a');
    await until(() => handled.length === 1, 'it goes on');
  });
});
