import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { unixSeconds, wallMs } from '../../base/index.ts';
import { bundleFile, demoEntry, gateList, type NewGate, residentView } from '../../wire/index.ts';
import type { RunningDistrict } from './arguments.ts';
import { phoneCode } from './codes.ts';
import { DeskCaller } from './desk-caller.ts';
import type { SimulatedDesk, SimulatedResident } from './simulated-desk.ts';

/** The desk of a district that runs already: what a simulation does there is what an operator does, over HTTP. */
export interface RunningDesk extends SimulatedDesk {
  /** The district's newest root document. */
  root(): Promise<string>;
  leave(): Promise<void>;
}

/** Requests under way at once: what comes together the district publishes together. */
const AT_ONCE = 32;
/** A live line that broke is opened again after so long. */
const FOLLOW_AGAIN_MS = 1_000;

const health = z.object({ ok: z.literal(true), broker: z.boolean() });
const enteredGate = z.object({ password: z.string() });
const keptKey = z.object({ slot: z.int() });

/**
 * @param district its name
 * @throws with a sentence for whoever asked
 */
export async function openRunningDesk(of: RunningDistrict, district: string): Promise<RunningDesk> {
  const password = passwordOf(of.passwordFile);
  const caller = new DeskCaller({ ...of, password });
  const { broker } = await caller.ask({ path: '/api/health', answer: health });
  if (!broker)
    throw new Error('--district: it has no broker now, its log says why; mend that first, then simulate');
  await caller.signIn();
  return {
    gates: async () => {
      const { gates } = await caller.ask({ path: '/api/gates', answer: gateList });
      return gates.map(({ gate }) => gate);
    },
    enrolGates: (gates) => allOf(gates, (gate) => enterGate(caller, gate)),
    addResidents: (residents) => allOf(residents, (each) => addResident(caller, district, each)),
    setState: async (index, state) => {
      await caller.ask({ path: `/api/residents/${index}/state`, body: { state }, answer: residentView });
    },
    followRows: (heard) => followRows(caller, heard),
    root: () => newestRoot(caller),
    leave: () => caller.signOut(),
  };
}

function passwordOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (cause) {
    throw new Error('--password-file: the file cannot be read; name one that holds the password alone', {
      cause,
    });
  }
}

async function enterGate(caller: DeskCaller, gate: NewGate): Promise<string> {
  return (await caller.ask({ path: '/api/gates', body: gate, answer: enteredGate })).password;
}

async function addResident(
  caller: DeskCaller,
  district: string,
  { resident, phone, seed }: SimulatedResident,
): Promise<number> {
  const { index } = await caller.ask({ path: '/api/residents', body: resident, answer: residentView });
  const seconds = unixSeconds(wallMs(Date.now()));
  const proof = await phoneCode({ seed, index }, { district, seconds });
  const body = { publicKey: phone, proof };
  await caller.ask({ path: `/api/residents/${index}/keys`, body, answer: keptKey });
  return index;
}

/** Roots come first and oldest first, each a JWS in JSON. */
async function newestRoot(caller: DeskCaller): Promise<string> {
  const { documents } = await caller.ask({ path: '/api/bundle', answer: bundleFile });
  const root = documents.findLast((document) => typeof document === 'object');
  if (root === undefined) throw new Error('--district: it has no root document; is its root accepted?');
  return JSON.stringify(root);
}

/** Rows on their way; once more when they are stored is not counted. */
function followRows(caller: DeskCaller, heard: (at: number) => void): () => void {
  const end = new AbortController();
  const follow = async () => {
    while (!end.signal.aborted) {
      await caller
        .follow('/api/live', end.signal, ({ event, data }) => {
          if (event !== 'entry') return;
          const { at, acknowledged } = demoEntry.parse(JSON.parse(data));
          if (!acknowledged) heard(Date.parse(at));
        })
        .catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, FOLLOW_AGAIN_MS));
    }
  };
  void follow();
  return () => end.abort();
}

/** @returns in their order */
async function allOf<Item, Done>(
  items: readonly Item[],
  work: (item: Item) => Promise<Done>,
): Promise<readonly Done[]> {
  const done: Done[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next; at < items.length; at = next) {
      next += 1;
      done[at] = await work(items[at] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return done;
}
