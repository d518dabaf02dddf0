import { X509Certificate } from 'node:crypto';
import type { Expiry } from './warnings.ts';

/** @param pem one certificate or a chain; what cannot be read ends nowhere, and whoever serves it has said so */
export function certificateExpiries(name: string, pem: string | undefined): Expiry[] {
  const found = pem?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return found.flatMap((text) => {
    try {
      const { validFromDate, validToDate } = new X509Certificate(text);
      const [from, until] = [validFromDate, validToDate].map((date) => Math.floor(date.getTime() / 1_000));
      return from === undefined || until === undefined ? [] : [{ name: `certificate ${name}`, from, until }];
    } catch {
      return [];
    }
  });
}
