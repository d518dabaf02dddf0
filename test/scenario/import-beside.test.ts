import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generatedPerson } from '../../src/district/testing.ts';
import { GateProcess, menwei } from '../twins/gate-process.ts';
import { signedInAt } from '../twins/signed-in.ts';

/** `menwei district import` beside a running district: two processes that write into one file. */

const ROWS = 6_000;
const AT_THE_DESK = 40;
let folder: string;
let district: GateProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-import-beside-'));
});
afterEach(async () => {
  await district?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const personOf = (place: number) => generatedPerson(place, (below) => place % below);

function list(): string {
  const rows = Array.from({ length: ROWS }, (_, place) => {
    const { name, document } = personOf(place);
    return `${name},${document.number},${1 + Math.floor(place / 8)}-1`;
  });
  const file = join(folder, 'list.csv');
  writeFileSync(file, ['姓名,证件号码,房间', ...rows].join('\r\n'));
  return file;
}

describe('an import beside the district', () => {
  test('nobody is lost, nobody is there twice, and the desk answers and writes all the while', async () => {
    const config = join(folder, 'district.yaml');
    writeFileSync(
      config,
      'district: gaoxin\ndataDir: data\ncommunities: [{ id: 7 }]\nhttp: { port: 0 }\nbroker: { type: embedded, port: 0 }\n',
    );
    district = new GateProcess({ config, command: 'district' });
    const address = await district.open();
    const desk = await signedInAt(address, { config });
    const entering = menwei(['district', 'import', list(), '--community', '7', '--config', config]);
    let isOver = false;
    void entering.finally(() => {
      isOver = true;
    });
    const outcomes = { entered: 0, enteredMeanwhile: 0, answeredMeanwhile: 0 };
    for (let at = 0; at < AT_THE_DESK || !isOver; at += 1) {
      if (at < AT_THE_DESK) {
        const { name, document } = personOf(ROWS + at);
        const answer = await desk('/api/residents', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            community: 7,
            room: `8001-${at}`,
            assurance: 1,
            needsMoreTime: false,
            minor: false,
            person: { name, document },
          }),
        });
        expect(answer.status).toBe(201);
        outcomes.entered += 1;
        if (!isOver) outcomes.enteredMeanwhile += 1;
      }
      expect((await desk('/api/gates')).status).toBe(200);
      if (!isOver) outcomes.answeredMeanwhile += 1;
    }
    expect(await entering).toMatchObject({
      code: 0,
      output: `${ROWS} rows: ${ROWS} entered, 0 known before, 0 bad\n`,
    });
    expect(outcomes.entered).toBe(AT_THE_DESK);
    expect(outcomes.answeredMeanwhile).toBeGreaterThan(0);
    expect(outcomes.enteredMeanwhile).toBeGreaterThan(1);
    expect(await district.stop()).toBe(0);
    const file = new DatabaseSync(join(folder, 'data', 'district.sqlite'), { readOnly: true });
    const one = (sql: string) => Object.values(file.prepare(sql).get() ?? {})[0];
    expect(one('select count(*) from resident where ended is null')).toBe(ROWS + AT_THE_DESK);
    expect(one('select count(*) from person')).toBe(ROWS + AT_THE_DESK);
    expect(one('select count(distinct person) from resident where ended is null')).toBe(ROWS + AT_THE_DESK);
    file.close();
    expect(district.log).not.toContain('SQLITE_BUSY');
    expect(district.log).not.toContain('locked');
  }, 120_000);
});
