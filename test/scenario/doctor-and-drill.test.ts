import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../twins/broker.ts';
import { begun, menwei } from '../twins/gate-process.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { newPhone } from '../twins/paper-community.ts';
import { pushedOpen } from '../twins/relay-trace.ts';
import { LANE, type Trial } from './trial.ts';
import { paperTrial, type PaperTrial } from './paper-trial.ts';

/** An installer's three commands against a real gate: what is wrong, what it does in trouble, and whether the door moves. */

const COMMUNITY = 9;
/** Typed into the configuration and nowhere else: they may not leave the machine. */
const SECRETS = { password: 'canary-broker-5f1c', second: 'canary-second-77aa' };

let place: PaperTrial;
let trial: Trial;
const config = () => trial.configFile;

beforeAll(async () => {
  const door = { driver: 'folder', chip: 'door', contact: true, fire: true, relay: { pulseMs: 400 } };
  place = await paperTrial(
    {
      district: 'd-1',
      community: COMMUNITY,
      issuers: [],
      people: [{ index: 41, household: 1, order: 0, phone: newPhone() }],
      places: 128,
    },
    {},
  );
  trial = place.trial;
  const whole = JSON.parse(readFileSync(config(), 'utf8')) as {
    lanes: object[];
    mqtt: object;
  };
  const lanes = whole.lanes.map((lane) => ({ ...lane, door }));
  const community = { url: `mqtt://nobody:${SECRETS.second}@127.0.0.1:9`, password: SECRETS.second };
  const mqtt = { ...whole.mqtt, username: 'north-1', password: SECRETS.password, community };
  writeFileSync(config(), JSON.stringify({ ...whole, lanes, mqtt }));
}, 180_000);
afterAll(() => trial?.end(), 60_000);

interface Doctor {
  readonly exit: number;
  readonly findings: readonly { readonly code: string; readonly level: string; readonly what: string }[];
}

async function doctor(
  ...more: readonly string[]
): Promise<{ code: number | null; said: Doctor; text: string }> {
  const { code, output, error } = await menwei(['doctor', '--config', config(), '--json', ...more]);
  return { code, said: JSON.parse(output) as Doctor, text: output + error };
}

const codesOf = ({ findings }: Doctor) => findings.map(({ code }) => code);

interface Drilled {
  readonly mode: string;
  readonly outcome: string;
  readonly why?: string;
  readonly row?: number;
  readonly during?: { readonly guard: readonly string[] };
}

function beginDrill(mode: string, more: readonly string[]) {
  const drilling = begun(['drill', '--config', config(), mode, '--yes', '--json', ...more]);
  const outcome = drilling.ended.then(({ code, output, error }) => {
    if (output === '') throw new Error(error);
    const lines = output.trim().split('\n');
    return { code, said: lines.map((line) => JSON.parse(line) as Drilled) };
  });
  return { asked: () => drilling.error().match(/^→/gm)?.length ?? 0, outcome };
}

const drill = (mode: string, ...more: readonly string[]) => beginDrill(mode, more).outcome;

/** Long enough for a machine under load: the drill goes on as soon as it sees what it waits for. */
const PATIENCE = ['--wait', '120'];

/** Each deed once the command has asked for it. */
async function brought(mode: string, deed: () => unknown, undo: () => unknown) {
  const { asked, outcome } = beginDrill(mode, PATIENCE);
  const isAsked = async (times: number) => {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    void outcome.then(over, over);
    await until(() => isOver || asked() >= times, `${mode}: the command asks`, 60_000);
  };
  await isAsked(1);
  await deed();
  await isAsked(2);
  await undo();
  return outcome;
}

const input = (name: string, active: boolean) =>
  writeFileSync(join(trial.folder, 'door', name), active ? '1' : '0');

describe.skipIf(mosquittoPath === undefined)('a gate in the installer’s hands', () => {
  test('stopped: the doctor says so, the relay test opens once and hears the contact, and both leave rows', async () => {
    const stopped = await doctor('--language', 'en');
    expect(codesOf(stopped.said)).toEqual(
      expect.arrayContaining(['gate-stopped', 'broker-reached', 'trust-none']),
    );
    expect([stopped.code, stopped.said.exit]).toEqual([2, 2]);

    const door = pushedOpen(trial.relay);
    const relay = await menwei(['relay', 'test', '--config', config(), '--yes', '--json']);
    door.stop();
    expect([relay.code, JSON.parse(relay.output)]).toEqual([
      0,
      expect.objectContaining({ lane: LANE, contact: 'opened', pulse: { ok: true, pulseMs: 400 } }),
    ]);
    expect(trial.relay.openings()).toHaveLength(1);
    expect(trial.rows().slice(-2)).toEqual([
      expect.objectContaining({ decision: 'manual', actor: 'installer', reason: 'relay-test', lane: LANE }),
      expect.objectContaining({ decision: 'system', reason: 'relay-test:opened' }),
    ]);
    const unsure = await menwei(['relay', 'test', '--config', config()], 'no\n');
    expect([unsure.code, unsure.error]).toEqual([1, expect.stringContaining('nothing was opened')]);
    expect(trial.relay.openings()).toHaveLength(1);
  }, 180_000);

  test('running: the doctor asks the gate itself, and a relay test is refused', async () => {
    const gate = await place.open();
    chmodSync(trial.dataDir, 0o700);
    const { said } = await doctor('--language', 'en');
    expect(codesOf(said)).toEqual(
      expect.arrayContaining([
        'door-simulated',
        'broker-reached',
        'trust-good',
        'journal-whole',
        'reader-good',
        'district-heard',
      ]),
    );
    expect(codesOf(said)).not.toContain('gate-stopped');
    const relay = await menwei(['relay', 'test', '--config', config(), '--yes']);
    expect([relay.code, relay.error]).toEqual([1, expect.stringContaining('the gate is running')]);
    expect(gate.running).toBe(true);
    expect(statSync(join(trial.dataDir, 'control.sock')).mode & 0o777).toBe(0o600);
  }, 240_000);

  test('the bundle for support holds no secret, no key and nobody’s number, however it is written', async () => {
    const file = trial.file('support.tar.gz');
    trial.scan('110101199003074514');
    await doctor('--bundle', file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const archive = execFileSync('tar', ['-xzOf', file], { maxBuffer: 1e8 });
    const names = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' });
    expect(names).toMatch(/versions\.json[\s\S]*rows\.jsonl/);
    expect(names).not.toContain('left-out');
    const text = archive.toString('utf8');
    expect(text).toContain('"decision":"system"');
    expect(text).not.toMatch(/"(index|passId|party|actor|command)":/);
    for (const canary of [...Object.values(SECRETS), ...keyParts(), '110101199003074514'])
      for (const spelled of spellings(canary))
        expect(archive.includes(spelled), spelled.toString('utf8')).toBe(false);
  }, 180_000);

  test('what is played inside it is shown, ends, and is kept as rows', async () => {
    for (const [mode, shown] of [
      ['clock', 'clock'],
      ['key-set', 'keyset-expired'],
      ['journal', 'journal'],
    ] as const) {
      const { code, said } = await drill(mode);
      expect([code, said[0]]).toEqual([0, expect.objectContaining({ mode, outcome: 'passed' })]);
      expect(said[0]?.during?.guard).toContain(shown);
    }
    const drills = trial.rows().flatMap(({ reason = '' }) => (reason.startsWith('drill:') ? [reason] : []));
    expect(drills).toEqual(
      ['clock', 'key-set', 'journal'].flatMap((mode) => [`drill:${mode}:begun`, `drill:${mode}:passed`]),
    );
    expect(trial.relay.openings()).toHaveLength(1);
  }, 180_000);

  test('what a person brings about is watched', async () => {
    const fire = await brought(
      'fire',
      () => input('fire', true),
      () => input('fire', false),
    );
    expect(fire.said[0]).toMatchObject({ mode: 'fire', outcome: 'passed' });
    const uplink = await brought(
      'uplink',
      () => place.broker.kill(),
      () => place.broker.start(),
    );
    expect(uplink.said[0]).toMatchObject({ mode: 'uplink', outcome: 'passed' });
    const forced = await brought(
      'relay',
      () => input('contact', true),
      () => input('contact', false),
    );
    expect(forced.said[0]).toMatchObject({ mode: 'relay', outcome: 'passed' });
    const nobody = await drill('reader', '--wait', '1');
    expect([nobody.code, nobody.said[0]]).toEqual([
      1,
      expect.objectContaining({ outcome: 'skipped', why: 'nobody' }),
    ]);
    expect(trial.relay.openings()).toHaveLength(1);
  }, 400_000);

  test('a command that dies in the middle of a drill leaves the gate as it was', async () => {
    const socket = connect(join(trial.dataDir, 'control.sock'));
    socket.write('{"ask":"rehearse","mode":"journal","seconds":60}\n');
    await until(async () => codesOf((await doctor()).said).includes('gate-says'), 'it is played', 50_000);
    const { said } = await drill('clock');
    expect(said[0]).toMatchObject({ outcome: 'skipped', why: 'busy' });
    socket.destroy();
    const played = async () =>
      (await doctor()).said.findings.some(({ what }) => what.includes('journal: cannot be written'));
    await until(async () => !(await played()), 'it is over', 60_000);
  }, 240_000);
});

/** Private parts of this gate's keys. */
function keyParts(): string[] {
  const files = ['device.jwk', 'roster.jwk'].map((name) => join(trial.dataDir, 'keys', name));
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as { d?: string }).d ?? []);
}

function spellings(text: string): Buffer[] {
  const [utf8, utf16] = [Buffer.from(text), Buffer.from(text, 'utf16le')];
  const base64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), utf8])
      .toString('base64')
      .slice(before === 0 ? 0 : 4, -4),
  );
  return [utf8, utf16, Buffer.from(utf8.toString('hex')), ...base64.map((each) => Buffer.from(each))];
}
