import { cpSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alarmPayload } from '../../src/wire/index.ts';
import { cutAfter, editRow, removeJournal, rewriteFrom } from '../twins/disk-tampering.ts';
import { until } from '../twins/broker.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { SisterCommunity, type SisterGate } from '../twins/sister-gates.ts';
import type { SignedIn } from '../twins/signed-in.ts';

/** T16: what is done to a journal on the gate's disk while the gate is stopped is named by the district when it is back. */
describe.skipIf(mosquittoPath === undefined)('the district names', () => {
  const WITHIN_MS = 60_000;
  let community: SisterCommunity;
  let live: { text: string; end: () => void };

  beforeAll(async () => {
    community = await SisterCommunity.begin(0);
    live = await listen(await community.operator());
    community.onEnd(() => live.end());
  }, 120_000);
  afterAll(() => community?.end());

  test('a row that was edited with the whole chain after it, and the very row', async () => {
    const gate = await reported('edited-1');
    rewriteFrom(gate.journalFile, 2);
    await gate.start({ sure: false });
    await named(gate, 'edited: row 2:');
  });

  test('a row that was edited and no more: the gate itself sets the journal aside', async () => {
    const gate = await reported('naive-1');
    const head = gate.head();
    editRow(gate.journalFile, 2);
    await gate.start({ sure: false });
    await named(gate, `damaged: row ${head}:`);
  });

  test('a tail that was cut off, and its first row', async () => {
    const gate = await reported('cut-1');
    cutAfter(gate.journalFile, 2);
    await gate.start({ sure: false });
    await named(gate, 'cut: row 3:');
  });

  test('a journal that was replaced', async () => {
    const gate = await reported('replaced-1');
    removeJournal(gate.journalFile);
    await gate.start({ sure: false });
    await named(gate, 'replaced: row 1:');
  });

  test('a card that was copied: one identity in two machines', async () => {
    const gate = await reported('cloned-1');
    const copy = gate.copied(`${gate.dataDir}-copy`);
    cpSync(gate.dataDir, copy.dataDir, { recursive: true });
    await Promise.all([gate.start({ sure: false }), copy.start({ sure: false })]);
    // Life goes on at both doors.
    for (let round = 0; round < 40 && !isNamed(gate, 'cloned:'); round += 1) {
      await Promise.all([gate.scan(`RUBBISH-${round}`), copy.scan(`LITTER-${round}`)]);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await named(gate, 'cloned: row ');
    await copy.stop();
  });

  test('nothing about gates that nobody touched', async () => {
    const gate = await reported('honest-1');
    await gate.start({ sure: false });
    await until(() => told(gate), 'the district has its rows', 60_000);
    expect(alarms(gate)).toEqual([]);
  });

  /** A gate that has run once, been stopped, and has told its district everything. */
  async function reported(id: string): Promise<SisterGate> {
    const gate = await community.gate(id);
    await gate.start({ sure: false });
    await until(() => gate.head() >= 4 && told(gate), `${id} has told its rows`, 60_000);
    await gate.stop();
    return gate;
  }

  function told(gate: SisterGate): boolean {
    const sql = 'select hash from journal_row where gate = ? order by seq';
    const stored = community.query(sql, gate.id).map(({ hash }) => hash);
    return (
      stored.join() ===
      gate
        .rows()
        .map(({ hash }) => hash)
        .join()
    );
  }

  function alarms(gate: SisterGate): string[] {
    const sql = "select payload from alarm where gate = ? and alarm = 'tamper'";
    return community
      .query(sql, gate.id)
      .map(({ payload }) => String(alarmPayload.parse(JSON.parse(String(payload))).detail));
  }

  function isNamed(gate: SisterGate, words: string): boolean {
    return alarms(gate).some((detail) => detail.startsWith(words));
  }

  async function named(gate: SisterGate, words: string): Promise<void> {
    const startedMs = performance.now();
    await until(() => isNamed(gate, words), `the district says "${words}"`, WITHIN_MS);
    console.log(`${gate.id}, ms after it is open again: ${Math.round(performance.now() - startedMs)}`);
    await until(() => live.text.includes(words), 'the live feed has it');
    await gate.stop();
  }
});

/** What the district's live feed says, from now on. */
async function listen(operator: SignedIn): Promise<{ text: string; end: () => void }> {
  const controller = new AbortController();
  const answer = await operator('/api/live', { signal: controller.signal });
  const heard = { text: '', end: () => controller.abort() };
  const reading = async () => {
    if (answer.body === null) return;
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) heard.text += part;
  };
  reading().catch(() => undefined);
  return heard;
}
