import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { enrolledAnswer } from '../src/wire/index.ts';

/**
 * What a district told its gate at the enrolment and what is no secret, in `<dataDir>/enrolment.json`. Secrets and certificates
 * lie beside it in `keys/`.
 */
const told = enrolledAnswer.pick({ gate: true, district: true, community: true, timeZone: true }).extend({
  version: z.literal(1),
  /** The district's address. */
  desk: z.string().max(512),
  broker: enrolledAnswer.shape.broker.pick({ url: true, username: true, protocolVersion: true }).extend({
    /** There is a certificate for this gate, and one by which the broker is believed. */
    certificate: z.boolean(),
    authorities: z.boolean(),
  }),
});

export type GateEnrolment = z.infer<typeof told>;

export const enrolmentFile = (dataDir: string): string => join(dataDir, 'enrolment.json');

/** Files of the enrolment in `keys/`. */
export function enrolledFiles(dataDir: string) {
  const at = (name: string) => join(dataDir, 'keys', name);
  return {
    authorities: at('broker-authorities.pem'),
    /** With its private key: they change together. */
    certificate: at('broker-client.pem'),
    /** Waits until a connection has stood with it. */
    next: at('broker-client-next.pem'),
  };
}

/** @returns undefined when there is none @throws when it is there and cannot be read as one */
export function readEnrolment(dataDir: string): GateEnrolment | undefined {
  const file = enrolmentFile(dataDir);
  try {
    return told.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && /^ENO(ENT|TDIR)$/.test(String(cause.code));
    if (isAbsent) return undefined;
    throw new Error(
      `${file} is damaged; restore it from a backup, or run menwei gate reset and enrol the gate anew`,
      { cause },
    );
  }
}
