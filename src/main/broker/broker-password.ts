import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSecret } from '../gate/gate-keys.ts';

/** The password that the district gave this gate at its enrolment, beside the gate's keys and for its owner alone. */
export function keepBrokerPassword(dataDir: string, password: string): void {
  mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
  writeSecret(fileIn(dataDir), `${password}\n`);
}

export function keptBrokerPassword(dataDir: string): string | undefined {
  const file = fileIn(dataDir);
  if (!existsSync(file)) return undefined;
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
}

const fileIn = (dataDir: string): string => join(dataDir, 'keys', 'broker-password');
