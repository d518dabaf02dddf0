import { err, ok, type Result, unixSeconds } from '../../base/index.ts';
import type { DocumentSigner } from '../../issue/index.ts';
import { signCertificate } from '../../issue/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import { CERTIFICATES_A_DAY_MAX, CERTIFICATES_A_LIFE_MAX, GATE_CERTIFICATE_MS } from '../limits.ts';
import type { Authority, Revoked } from './authority.ts';

/**
 * Which certificates gates have at their broker. One that is not on record, or was revoked, opens nothing, whoever signed it;
 * a record outlives its certificate by nothing.
 */
export interface CertificatesOptions {
  readonly district: string;
  readonly database: Database;
  readonly authority: Authority;
  readonly signer: () => DocumentSigner;
  /** Life of a certificate; 90 days when left out. */
  readonly gateCertificateMs?: number;
  readonly clock: Clock;
}

export type CertificateProblem = 'bad-certificate-request' | 'too-many-certificates';

const DAY_MS = 86_400_000;

export class GateCertificates {
  readonly #options: CertificatesOptions;

  constructor(options: CertificatesOptions) {
    this.#options = options;
  }

  authorities(): Promise<readonly string[]> {
    return this.#options.authority.chain();
  }

  /** @returns PEM, on record before it is handed out */
  async issue(gate: string, request: string): Promise<Result<string, CertificateProblem>> {
    const { database, authority, clock, gateCertificateMs: life = GATE_CERTIFICATE_MS } = this.#options;
    const most = Math.max(CERTIFICATES_A_DAY_MAX, Math.ceil((CERTIFICATES_A_LIFE_MAX * DAY_MS) / life));
    const made = await authority.gate(gate, request);
    if (!made.ok) return made;
    const now = clock.wall();
    const { serial, notAfter } = made.value;
    const kept = await alone(database, async (transaction) => {
      const today = await transaction
        .selectFrom('gate_certificate')
        .select('serial')
        .where('gate', '=', gate)
        .where('issued_at', '>', now - DAY_MS)
        .execute();
      if (today.length >= most) return false;
      await transaction.deleteFrom('gate_certificate').where('not_after', '<=', now).execute();
      const row = { serial, gate, issued_at: now, not_after: notAfter, revoked_at: null };
      await transaction.insertInto('gate_certificate').values(row).execute();
      return true;
    });
    return kept ? ok(made.value.certificate) : err('too-many-certificates');
  }

  /** A gate's next certificate as the district's signed word: with it come the authorities of its broker. */
  async answer(gate: string, request: string): Promise<Result<string, CertificateProblem>> {
    const issued = await this.issue(gate, request);
    if (!issued.ok) return issued;
    const { district, clock, signer } = this.#options;
    const authorities = [...(await this.authorities())];
    const iat = unixSeconds(clock.wall());
    return ok(
      await signCertificate(signer(), {
        iss: district,
        aud: gate,
        iat,
        certificate: issued.value,
        authorities,
      }),
    );
  }

  async holds(gate: string, serial: string): Promise<boolean> {
    const found = await this.#options.database
      .selectFrom('gate_certificate')
      .leftJoin('gate_life', 'gate_life.gate', 'gate_certificate.gate')
      .select('serial')
      .where('serial', '=', serial.toUpperCase())
      .where('gate_certificate.gate', '=', gate)
      // A life that is over admits nobody, also where a power cut or a request under way left a certificate behind.
      .where('gate_life.state', 'is', null)
      .where('revoked_at', 'is', null)
      .where('not_after', '>', this.#options.clock.wall())
      .executeTakeFirst();
    return found !== undefined;
  }

  async revokeAll(gate: string): Promise<void> {
    const { database, clock } = this.#options;
    await database
      .updateTable('gate_certificate')
      .set({ revoked_at: clock.wall() })
      .where('gate', '=', gate)
      .where('revoked_at', 'is', null)
      .execute();
  }

  /** PEM, for a broker that keeps a list. */
  async revocations(): Promise<string> {
    const rows = await this.#options.database
      .selectFrom('gate_certificate')
      .select(['serial', 'revoked_at'])
      .where('revoked_at', 'is not', null)
      .orderBy('serial')
      .execute();
    const revoked = rows.map(({ serial, revoked_at: at }): Revoked => ({ serial, at: at ?? 0 }));
    return this.#options.authority.revoked(revoked);
  }
}
