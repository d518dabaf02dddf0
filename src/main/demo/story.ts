import { join } from 'node:path';
import { parseCode, type Refusal } from '../../code/index.ts';
import { openJournalReader } from '../../journal/reading.ts';
import type { ChainedRow, ResidentView } from '../../wire/index.ts';
import { missingAtConsole } from './console-visit.ts';
import { GuardVisit } from './guard-visit.ts';
import { showPicture } from './installer.ts';
import { DistrictDesk, proofOf } from './people.ts';
import { DEMO_GATE, DEMO_ROOM } from './residents.ts';
import type { Town } from './town.ts';

/**
 * One resident of each kind and several refusals, through the real way: the QR is drawn, its picture decoded, the code
 * judged, the row made durable, the relay pulsed, the row reported and acknowledged. It tells what happened, with times,
 * and is content only when all came out as it should.
 */

type Expected = 'granted' | Refusal;

interface Told {
  readonly title: string;
  readonly expected: Expected;
  readonly code: () => Promise<string>;
  /** What has to happen just before. */
  readonly before?: () => Promise<void>;
}

const ROW_WITHIN_MS = 10_000;
const ACKNOWLEDGED_WITHIN_MS = 15_000;
const READY_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 10;

/** @returns whether everything came out as it should */
export async function tellStory(town: Town, say: (line: string) => void): Promise<boolean> {
  const teller = new Teller(town, say);
  await teller.ready();
  const chapters = await plot(town);
  let good = true;
  for (const chapter of chapters) good = (await teller.tell(chapter)) && good;
  return (await teller.guard()) && (await teller.epilogue()) && (await teller.console()) && good;
}

async function plot(town: Town): Promise<readonly Told[]> {
  const desk = new DistrictDesk(town.district.httpUrl, 'demo');
  const { grown, child, host, leaving } = castOf(await desk.residents());
  const phone = await desk.registerPhone(grown, nowSeconds());
  await rosterArrived(town, phone.index);
  const token = once(() => desk.code(grown.index, 'token'));
  const pass = once(() => desk.pass(host));
  const proof =
    (secondsOff: number, party = 0) =>
    () =>
      proofOf(phone, { seconds: nowSeconds() + secondsOff, party });
  return [
    { title: 'kind 1: a phone that is online', expected: 'granted', code: token },
    { title: 'the same code once more, a screenshot perhaps', expected: 'already-used', code: token },
    {
      title: 'kind 2: credential and proof',
      expected: 'granted',
      code: () => desk.credential(phone, nowSeconds()),
    },
    { title: 'kind 3: phone and gate both offline', expected: 'granted', code: proof(1) },
    { title: 'kind 3: with a child of the family', expected: 'granted', code: proof(2, 1 << child.order) },
    {
      title: 'kind 4: a visitor’s pass for one entry',
      expected: 'granted',
      before: async () => visitorExpected(town, await pass()),
      code: pass,
    },
    { title: 'the same pass again', expected: 'pass-used-up', code: pass },
    { title: 'kind 5: a printed card', expected: 'needs-guard', code: () => desk.code(host.index, 'card') },
    { title: 'a phone that is four minutes slow', expected: 'expired', code: proof(-240) },
    ...forged(() => desk.code(host.index, 'token')),
    revoked(town, desk, leaving),
  ];
}

/** A grown-up and a child of one family, and two who live alone. */
function castOf(residents: readonly ResidentView[]) {
  const livesWithOthers = (one: ResidentView) =>
    residents.some((other) => other.household === one.household && other !== one);
  const [grown, , child] = residents.filter(livesWithOthers);
  const [host, leaving] = residents.filter((one) => !livesWithOthers(one));
  if (grown === undefined || child === undefined || host === undefined || leaving === undefined) {
    throw new Error('the town has too few residents; start it with an empty folder');
  }
  return { grown, child, host, leaving };
}

function forged(code: () => Promise<string>): readonly Told[] {
  return [
    {
      title: 'a code with one character changed',
      expected: 'bad-signature',
      code: async () => changed(await code()),
    },
    {
      title: 'a shop’s QR code',
      expected: 'not-a-code',
      code: () => Promise.resolve('HTTPS://SHOP.EXAMPLE/PAY'),
    },
  ];
}

function revoked(town: Town, desk: DistrictDesk, leaving: ResidentView): Told {
  const token = once(() => desk.code(leaving.index, 'token'));
  return {
    title: 'a resident who has just been revoked',
    expected: 'revoked',
    before: async () => {
      await token();
      await desk.setState(leaving.index, 'revoked');
      await until(() => town.gate.trust.snapshot().residents.at(leaving.index) === 1, READY_WITHIN_MS);
    },
    code: token,
  };
}

function once(make: () => Promise<string>): () => Promise<string> {
  let made: Promise<string> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

class Teller {
  readonly #town: Town;
  readonly #say: (line: string) => void;
  readonly #rows: { readonly row: ChainedRow; readonly at: number }[] = [];

  constructor(town: Town, say: (line: string) => void) {
    this.#town = town;
    this.#say = say;
    town.gate.journal.onAppend((rows) => {
      for (const row of rows) this.#rows.push({ row, at: performance.now() });
    });
  }

  async ready(): Promise<void> {
    const { gate, enrolledNow } = this.#town;
    if (enrolledNow !== undefined)
      this.#say(
        `the gate was new: its reader read the district’s one-time symbol, and both show ${enrolledNow.slice(0, 16)}…`,
      );
    const began = performance.now();
    await until(
      () => gate.report?.state().connected === true && gate.trust.snapshot().keys.size > 0,
      READY_WITHIN_MS,
    );
    await until(() => gate.gate.clock.now().quality === 'synced', READY_WITHIN_MS);
    this.#say(
      `the gate is connected, has its documents, and its clock is proved (${milliseconds(performance.now() - began)})`,
    );
  }

  async tell({ title, expected, code, before }: Told): Promise<boolean> {
    await before?.();
    const text = await code();
    const from = this.#rows.length;
    const shown = performance.now();
    this.#show(text);
    const verdict = await this.#find(from, (row) => row.lane === 'main' && isVerdict(row), ROW_WITHIN_MS);
    if (verdict === undefined) return this.#failed(title, 'nobody read it');
    const outcome =
      verdict.row.decision === 'granted' ? 'granted' : (verdict.row.refusal ?? verdict.row.decision);
    const opened = await this.#passage(verdict.row, from);
    const acknowledged = await this.#acknowledged(verdict.row.seq);
    const times = [
      `row ${verdict.row.seq} after ${milliseconds(verdict.at - shown)}`,
      opened.told,
      acknowledged,
    ].filter(Boolean);
    if (outcome !== expected) return this.#failed(title, `expected ${expected}, got ${outcome}`);
    if (!opened.right) return this.#failed(title, opened.told);
    this.#say(`${expected === 'granted' ? 'opened' : 'shut  '}  ${title}: ${outcome} (${times.join(', ')})`);
    return acknowledged !== undefined || this.#failed(title, 'not acknowledged');
  }

  /** Somebody without a phone: the guard finds the room, sees who lives there, and lets one of them in. */
  async guard(): Promise<boolean> {
    const title = 'the guard’s desk';
    const { district, gate, guards } = this.#town;
    const [guard] = guards;
    if (guard === undefined) return this.#failed(title, 'there is no guard');
    const visit = await GuardVisit.signedIn(gate.http.url, guard);
    await visit.beginShift();
    const { row: asked, found } = await visit.lookUpRoom(DEMO_ROOM);
    const [person] = found;
    if (person === undefined) return this.#failed(title, `nobody was found in ${DEMO_ROOM}`);
    const photo = await visit.photo(asked, person.index);
    if (photo !== 'image/jpeg')
      return this.#failed(title, 'a photo that the resident lets guards see did not come');
    const desk = new DistrictDesk(district.httpUrl, 'demo');
    const digits = await desk.shortCode(person.index, nowSeconds());
    const told = (await visit.lookUpShortCode(digits)).found.map(({ index }) => index);
    if (told[0] !== person.index) return this.#failed(title, 'the short code on a phone found nobody');
    const from = this.#rows.length;
    const { row: seq } = await visit.letIn('main', person.index);
    await visit.endShift();
    const passed = await this.#find(from, (row) => row.door === 'passed' && row.entry === seq, ROW_WITHIN_MS);
    const row = this.#rows.find((each) => each.row.seq === seq)?.row;
    if (passed === undefined || row?.actor !== guard.account) return this.#failed(title, 'nobody could pass');
    this.#say(
      `opened  ${title}: ${guard.account} found ${found.length} people of ${DEMO_ROOM}, saw a photo of one, found that one again by the short code on a phone, and let that one in (row ${seq})`,
    );
    return true;
  }

  /** Everything is with the district, and the chain is whole. */
  async epilogue(): Promise<boolean> {
    const { gate } = this.#town;
    const last = this.#rows.at(-1)?.row.seq ?? 0;
    const all = (await this.#acknowledged(last)) !== undefined;
    const reader = openJournalReader(this.#journalFile());
    try {
      const { seq } = reader.verify();
      this.#say(
        `the journal is whole from row 1 to ${seq}; the district has acknowledged ${gate.report?.state().acked ?? 0}`,
      );
      return all;
    } finally {
      reader.close();
    }
  }

  /** What the district's console shows to a colleague who signs in. */
  async console(): Promise<boolean> {
    const last = this.#rows.findLast(({ row }) => isVerdict(row));
    const [colleague] = this.#town.colleagues;
    if (last === undefined || colleague === undefined) return false;
    const { row } = last;
    const { district, gate } = this.#town;
    const missing = await missingAtConsole(district.httpUrl, {
      colleague,
      gate: DEMO_GATE,
      journal: gate.journal.head?.id ?? '',
      seq: row.seq,
    });
    if (missing !== undefined) return this.#failed('the console', missing);
    this.#say(
      `the console, signed in as ${colleague.account}, shows the gate and row ${row.seq} with its proof`,
    );
    return true;
  }

  #show(text: string): void {
    showPicture(this.#town.pictures, `shown-${this.#rows.length}`, text);
  }

  async #passage(verdict: ChainedRow, from: number): Promise<{ right: boolean; told: string }> {
    const ofEntry = (door: string) => (row: ChainedRow) => row.door === door && row.entry === verdict.seq;
    if (verdict.decision !== 'granted') {
      const opened = this.#rows.slice(from).some(({ row }) => row.door === 'opened');
      return {
        right: !opened,
        told: opened ? 'the door opened, and should not have' : 'the door stayed shut',
      };
    }
    const opened = await this.#find(from, ofEntry('opened'), ROW_WITHIN_MS);
    const passed = await this.#find(from, ofEntry('passed'), ROW_WITHIN_MS);
    return {
      right: opened !== undefined && passed !== undefined,
      told: passed ? 'opened and passed' : 'nobody could pass',
    };
  }

  async #acknowledged(seq: number): Promise<string | undefined> {
    const began = performance.now();
    const done = await until(
      () => (this.#town.gate.report?.state().acked ?? 0) >= seq,
      ACKNOWLEDGED_WITHIN_MS,
      'no',
    );
    return done ? `acknowledged ${milliseconds(performance.now() - began)} later` : undefined;
  }

  async #find(from: number, is: (row: ChainedRow) => boolean, withinMs: number) {
    const look = () => this.#rows.slice(from).find(({ row }) => is(row));
    await until(() => look() !== undefined, withinMs, 'no');
    return look();
  }

  #failed(title: string, why: string): false {
    this.#say(`FAILED ${title}: ${why}`);
    return false;
  }

  #journalFile(): string {
    return join(this.#town.pictures, '../gate/data/journal.sqlite');
  }
}

function isVerdict(row: ChainedRow): boolean {
  return row.decision === 'granted' || row.decision === 'refused' || row.decision === 'guard';
}

async function rosterArrived(town: Town, index: number): Promise<void> {
  await until(() => (town.gate.trust.snapshot().roster.get(index)?.keys.length ?? 0) > 0, READY_WITHIN_MS);
}

/** A visitor needs longer to the gate than the list on which the new pass stands. */
async function visitorExpected(town: Town, code: string): Promise<void> {
  const claim = parseCode(code);
  const passId = claim.ok && claim.value.fields.kind === 4 ? claim.value.fields.passId : undefined;
  if (passId === undefined) throw new Error('the district answered with something else than a pass');
  await until(() => town.gate.trust.snapshot().passes.at(passId) === 0, READY_WITHIN_MS);
}

/** The last character but one, changed to another of the alphabet: well-formed, and signed by nobody. */
function changed(code: string): string {
  const at = code.length - 20;
  return code.slice(0, at) + (code[at] === '0' ? '1' : '0') + code.slice(at + 1);
}

/** @param late what to do when it does not happen: throw, or answer false */
async function until(is: () => boolean, withinMs: number, late: 'throw' | 'no' = 'throw'): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!is()) {
    if (performance.now() > end) {
      if (late === 'no') return false;
      throw new Error(`waited ${withinMs / 1000} s in vain`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return true;
}

function milliseconds(duration: number): string {
  return `${duration.toFixed(0)} ms`;
}
