import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { describeProblems, loadGateConfig } from '../../config/load.ts';
import type { GateConfig } from '../../config/schema.ts';
import { toHex } from '../base/index.ts';
import { sha256 } from '../crypto/index.ts';
import { rootFingerprint } from '../trust/index.ts';
import {
  type Enrolment,
  type EnrolledAnswer,
  enrolledAnswer,
  enrolmentMessage,
  enrolmentOf,
} from '../wire/index.ts';
import { keepBrokerPassword } from './broker-password.ts';
import { gateKeys, writeSecret } from './gate-keys.ts';

/**
 * Enrols this gate with the text of a district's one-time symbol. The district is believed by the fingerprint in that text
 * and by nothing else; keys are made here and their private parts go nowhere.
 */
export interface Enrolled {
  readonly answer: EnrolledAnswer;
  /** Of the device key, hex: the console shows the same, and the installer compares. */
  readonly fingerprint: string;
  readonly wroteConfig: boolean;
}

const ANSWER_WITHIN_MS = 30_000;
const ANSWER_BYTES_MAX = 131_072;

/** @throws with a sentence for the installer; then nothing was written but the gate's own keys */
export async function enrolGate(text: string, file: string): Promise<Enrolled> {
  const enrolment = enrolmentOf(text);
  if (enrolment === undefined) throw new Error('TEXT: not an enrolment; scan the console’s symbol again');
  if (!isPrivate(enrolment.address))
    throw new Error(`${enrolment.address}: a password would cross the network in plain text; use https`);
  const config = existing(file);
  const dataDir = config?.dataDir ?? join(dirname(resolve(file)), 'data');
  if (existsSync(config?.trust.root ?? join(dataDir, 'root.json')))
    throw new Error(`${file}: this gate is enrolled already; to enrol it anew, move its root file away`);
  const keys = gateKeys(dataDir);
  const own = { deviceKey: toHex(keys.signer.publicKey), sealKey: keys.rosterKey.x };
  const proof = toHex(keys.signer.sign(enrolmentMessage(enrolment, own)));
  const answer = await ask(enrolment, { token: enrolment.token, ...own, proof });
  if ((await rootFingerprint(answer.root)) !== enrolment.root)
    throw new Error('the district’s root has another fingerprint than the symbol; this is not that district');
  if (config !== undefined) compare(config, answer, file);
  if (answer.broker.password !== undefined) keepBrokerPassword(dataDir, answer.broker.password);
  if (config === undefined) writeSecret(file, firstConfig(answer));
  // The root comes last: with it the gate counts as enrolled.
  mkdirSync(dirname(config?.trust.root ?? join(dataDir, 'root.json')), { recursive: true });
  writeSecret(config?.trust.root ?? join(dataDir, 'root.json'), answer.root);
  return {
    answer,
    fingerprint: toHex(sha256(keys.signer.publicKey)),
    wroteConfig: config === undefined,
  };
}

function isPrivate(address: string): boolean {
  return address.startsWith('https:') || /^http:\/\/(127\.[0-9.]+|localhost)(:|$)/.test(address);
}

function existing(file: string): GateConfig | undefined {
  if (!existsSync(file)) return undefined;
  const loaded = loadGateConfig(file, process.env);
  if (!loaded.ok) throw new Error(describeProblems(loaded.error));
  return loaded.value.config;
}

async function ask({ address }: Enrolment, body: object): Promise<EnrolledAnswer> {
  const answer = await fetch(`${address}/api/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  }).catch((cause: unknown) => {
    throw new Error(`${address}: the district does not answer; check the network and its certificate`, {
      cause,
    });
  });
  const text = await answer.text();
  if (text.length > ANSWER_BYTES_MAX) throw new Error(`${address}: this is not a district`);
  const said = parse(text);
  const enrolled = enrolledAnswer.safeParse(said).data;
  if (answer.ok && enrolled !== undefined) return enrolled;
  const { error } = (said ?? {}) as { error?: unknown };
  throw new Error(
    typeof error === 'string' ? error : `${address}: answered ${answer.status}; is this a district?`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A configuration that was there first keeps its word; what would make it another gate is told. */
function compare(config: GateConfig, answer: EnrolledAnswer, file: string): void {
  const differing = (['gate', 'district', 'community'] as const).filter((key) => config[key] !== answer[key]);
  const [key] = differing;
  if (key !== undefined)
    throw new Error(`${file}: ${key}: the district enrolled ${answer[key]}; correct it, and enrol anew`);
  if (config.mqtt === undefined)
    throw new Error(`${file}: mqtt: is missing; add url: ${answer.broker.url} and enrol anew`);
}

function firstConfig({ gate, district, community, timeZone, broker }: EnrolledAnswer): string {
  const { password: _kept, ...mqtt } = broker;
  const config = {
    gate,
    district,
    community,
    dataDir: 'data',
    timeZone,
    trust: { root: 'data/root.json' },
    mqtt,
    lanes: [{ id: 'main', readers: [{ id: 'page', type: 'display' }], door: { driver: 'simulated' } }],
  };
  return `# Written at enrolment. Name this gate's readers and its relay: config/gate.example.yaml has every key.\n${stringify(config)}`;
}

/** The gate's own words, to be read out when there is no console beside it. */
export function inGroups(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(' ') ?? fingerprint;
}
