import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { describeProblems, enrolmentFile, findGate, type GateEnrolment } from '../../../config/load.ts';
import type { GateFile } from '../../../config/schema.ts';
import { toHex, utf8 } from '../../base/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { rootFingerprint } from '../../trust/index.ts';
import {
  type EnrolledAnswer,
  type Enrolment,
  type EnrolmentRefusal,
  enrolledAnswer,
  enrolmentMessage,
  enrolmentOf,
} from '../../wire/index.ts';
import { keepBrokerCredentials, newCertificateRequest } from '../broker/broker-certificate.ts';
import { keepBrokerPassword } from '../broker/broker-password.ts';
import { askThrough } from '../proxy.ts';
import { type GateKeys, gateKeys, writeSecret } from './gate-keys.ts';

/**
 * Enrols this gate with the text of a district's one-time symbol. The district is believed by the fingerprint in that text
 * and by nothing else; keys are made here and their private parts go nowhere.
 */
export interface Enrolled {
  readonly answer: EnrolledAnswer;
  /** Of the device key, hex: the console shows the same, and the installer compares. */
  readonly fingerprint: string;
}

/** Why a gate was not enrolled: a sentence for the installer, and one word for its display. */
export class NotEnrolled extends Error {
  readonly refusal: EnrolmentRefusal;

  constructor(refusal: EnrolmentRefusal, message: string, options?: ErrorOptions) {
    super(message, options);
    this.refusal = refusal;
  }
}

/** What a gate has before it is enrolled. */
export interface NewGate {
  readonly dataDir: string;
  readonly root: string;
  /** Of its configuration: what is there must agree with the district's answer. */
  readonly said: Pick<GateFile, 'gate' | 'district' | 'community'>;
}

const ANSWER_WITHIN_MS = 30_000;
const ANSWER_BYTES_MAX = 524_288;

/** By the command line: a configuration that is not there is written. @throws with a sentence for the installer */
export async function enrolGate(text: string, file: string): Promise<Enrolled & { wroteConfig: boolean }> {
  const wroteConfig = !existsSync(file);
  if (wroteConfig) askThrough(undefined);
  const enrolled = await takeEnrolment(text, wroteConfig ? firstGate(file) : newGate(file));
  if (wroteConfig) writeSecret(file, FIRST_CONFIG);
  return { ...enrolled, wroteConfig };
}

/** @throws NotEnrolled; then nothing was written but the gate's own keys */
export async function takeEnrolment(text: string, gate: NewGate): Promise<Enrolled> {
  const { dataDir, root, said } = gate;
  const enrolment = enrolmentOf(text);
  if (enrolment === undefined)
    throw new NotEnrolled('other-code', 'TEXT: not an enrolment; scan the console’s symbol again');
  if (!isPrivate(enrolment.address))
    throw new NotEnrolled(
      'plain-text',
      `${enrolment.address}: a password would cross the network in plain text; use https`,
    );
  const keys = gateKeys(dataDir);
  const tls = await newCertificateRequest();
  const answer = await ask(enrolment, requestOf(enrolment, keys, tls.request));
  const roots = answer.roots ?? [answer.root];
  const pinned = await rootNamed(roots, enrolment.root);
  if (pinned === undefined)
    throw new NotEnrolled(
      'not-that-district',
      'the district’s root has another fingerprint than the symbol; this is not that district',
    );
  compare(said, answer);
  keep(gate, { enrolment, answer, key: tls.key, later: roots.slice(roots.indexOf(pinned) + 1) });
  // The root comes last: with it the gate counts as enrolled.
  mkdirSync(dirname(root), { recursive: true });
  writeSecret(root, pinned);
  return { answer, fingerprint: fingerprintOf(keys) };
}

/** SHA-256 of the device key, hex. */
export function fingerprintOf({ signer }: Pick<GateKeys, 'signer'>): string {
  return toHex(sha256(signer.publicKey));
}

function requestOf({ token, root }: Enrolment, keys: GateKeys, request: string): object {
  const own = { deviceKey: toHex(keys.signer.publicKey), sealKey: keys.rosterKey.x };
  const message = enrolmentMessage({ token, root }, { ...own, requestHash: toHex(sha256(utf8(request))) });
  return { token, ...own, request, proof: toHex(keys.signer.sign(message)) };
}

async function rootNamed(roots: readonly string[], fingerprint: string): Promise<string | undefined> {
  for (const root of roots) if ((await rootFingerprint(root)) === fingerprint) return root;
  return undefined;
}

function keep(
  { dataDir }: NewGate,
  of: { enrolment: Enrolment; answer: EnrolledAnswer; key: string; later: readonly string[] },
): void {
  const { gate, district, community, timeZone, broker } = of.answer;
  const kept = keepBrokerCredentials(dataDir, broker, of.key);
  if (broker.password !== undefined) keepBrokerPassword(dataDir, broker.password);
  const { url, username, protocolVersion } = broker;
  const told: GateEnrolment = {
    version: 1,
    gate,
    district,
    community,
    timeZone,
    desk: of.enrolment.address,
    broker: { url, username, protocolVersion, ...kept },
  };
  if (of.later.length > 0) {
    // Roots that came after the pinned one are taken in like any bundle, under all of its rules.
    mkdirSync(join(dataDir, 'bundles'), { recursive: true, mode: 0o700 });
    const documents = of.later.map((root) => JSON.parse(root) as unknown);
    writeSecret(join(dataDir, 'bundles', 'roots.json'), JSON.stringify({ type: 'menwei-bundle', documents }));
  }
  writeSecret(enrolmentFile(dataDir), `${JSON.stringify(told, undefined, 2)}\n`);
}

function isPrivate(address: string): boolean {
  return address.startsWith('https:') || /^http:\/\/(127\.[0-9.]+|localhost)(:|$)/.test(address);
}

function firstGate(file: string): NewGate {
  const dataDir = join(dirname(resolve(file)), 'data');
  return newGateIn(dataDir, join(dataDir, 'root.json'), {});
}

function newGate(file: string): NewGate {
  const found = findGate(file, process.env);
  if (!found.ok) throw new NotEnrolled('set-up', describeProblems(found.error));
  if (found.value.enrolled) throw enrolledAlready(file);
  askThrough(found.value.file.proxy);
  return newGateIn(found.value.file.dataDir, found.value.root, found.value.file);
}

function newGateIn(dataDir: string, root: string, said: NewGate['said']): NewGate {
  if (existsSync(root)) throw enrolledAlready(root);
  return { dataDir, root, said };
}

function enrolledAlready(file: string): NotEnrolled {
  return new NotEnrolled(
    'set-up',
    `${file}: this gate is enrolled already; to enrol it anew, run menwei gate reset`,
  );
}

async function ask({ address }: Enrolment, body: object): Promise<EnrolledAnswer> {
  const answer = await fetch(`${address}/api/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  }).catch((cause: unknown) => {
    throw new NotEnrolled(
      'no-answer',
      `${address}: the district does not answer; check the network and its certificate`,
      { cause },
    );
  });
  const text = await answer.text();
  if (text.length > ANSWER_BYTES_MAX)
    throw new NotEnrolled('not-that-district', `${address}: this is not a district`);
  const said = parse(text);
  const enrolled = enrolledAnswer.safeParse(said).data;
  if (answer.ok && enrolled !== undefined) return enrolled;
  const { error } = (said ?? {}) as { error?: unknown };
  if (typeof error !== 'string')
    throw new NotEnrolled('not-that-district', `${address}: answered ${answer.status}; is this a district?`);
  throw new NotEnrolled(refusalOf(answer.status, error), error);
}

function refusalOf(status: number, error: string): EnrolmentRefusal {
  if (status === 429) return 'busy';
  if (error.startsWith('token:')) return 'expired';
  return error.startsWith('deviceKey:') ? 'other-life' : 'district';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A configuration that was there first keeps its word; what would make it another gate is told. */
function compare(said: NewGate['said'], answer: EnrolledAnswer): void {
  const key = (['gate', 'district', 'community'] as const).find(
    (each) => said[each] !== undefined && said[each] !== answer[each],
  );
  if (key !== undefined)
    throw new NotEnrolled(
      'differs',
      `${key}: the district enrolled ${answer[key]}, the configuration says otherwise; correct or remove it there, and enrol anew`,
    );
}

const FIRST_CONFIG = `# Written at enrolment. Name this gate's readers and its relay: config/gate.example.yaml has every key.
# Gate, district, community and broker are those of the enrolment (data/enrolment.json).
${stringify({
  dataDir: 'data',
  lanes: [{ id: 'main', readers: [{ id: 'page', type: 'display' }], door: { driver: 'simulated' } }],
})}`;

/** The gate's own words, to be read out when there is no console beside it. */
export function inGroups(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(' ') ?? fingerprint;
}
