import { parseArgs } from 'node:util';
import type { GateConfig } from '../../../config/schema.ts';
import { systemClock } from '../../../device/clock/index.ts';
import type { ExpiryWarning, Freshness, TrustProblem } from '../../trust/index.ts';
import { type CommandIo, EXIT, writeTo } from '../command.ts';
import { openGateTrust } from '../gate/gate-trust.ts';
import { timeOf } from '../gate/import-bundle.ts';
import { givenGate } from '../given-config.ts';

/**
 * `menwei trust show --config FILE [--json]`: what a gate believes: documents with versions and ages, how far each kind of
 * code may be believed now, and what is wrong. Reads only; a running gate is not disturbed.
 */
export { trustShow as run };

const USAGE = 'usage: menwei trust show --config FILE [--json]\n';

export async function trustShow(args: readonly string[], io: CommandIo): Promise<number> {
  const options = optionsOf(args);
  if (options === undefined) {
    await writeTo(io.error, USAGE);
    return EXIT.usage;
  }
  const config = await givenGate(options.config, io);
  if (config === undefined) return EXIT.failed;
  try {
    const shown = await lookAt(config);
    await writeTo(io.output, options.json ? `${JSON.stringify(shown, undefined, 2)}\n` : tableOf(shown));
    return EXIT.done;
  } catch (cause) {
    await writeTo(io.error, `menwei: ${cause instanceof Error ? cause.message : String(cause)}\n`);
    return EXIT.failed;
  }
}

interface Shown {
  readonly district: string;
  readonly community: number;
  readonly rootFingerprint: string | undefined;
  readonly now: { readonly seconds: number; readonly quality: string };
  readonly documents: readonly ShownDocument[];
  readonly kinds: Freshness['kinds'];
  readonly reasons: Freshness['reasons'];
  readonly warnings: readonly ExpiryWarning[];
  readonly problems: readonly TrustProblem[];
}

interface ShownDocument {
  readonly document: string;
  readonly version: number;
  readonly hash: string;
  readonly issuedAt: number;
  readonly expiresAt?: number;
  readonly freshAt?: number;
}

async function lookAt(config: GateConfig): Promise<Shown> {
  const trust = await openGateTrust(config);
  const now = timeOf(config, trust, systemClock());
  const snapshot = trust.snapshot();
  const { kinds, reasons } = snapshot.freshness(now);
  return {
    district: snapshot.district,
    community: snapshot.community,
    rootFingerprint: trust.fingerprint(),
    now: { seconds: now.seconds, quality: now.quality },
    documents: [...snapshot.versions].map(([document, held]) => ({ document, ...held })),
    kinds,
    reasons,
    warnings: snapshot.warnings(now),
    problems: trust.problems(),
  };
}

function tableOf(shown: Shown): string {
  const heads = ['document', 'version', 'issued', 'fresh', 'expires'];
  const rows = shown.documents.map((one) => [
    one.document,
    String(one.version),
    moment(one.issuedAt),
    moment(one.freshAt),
    moment(one.expiresAt),
  ]);
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const kinds = Object.entries(shown.kinds).map(([kind, standing]) => `kind ${kind} ${standing}`);
  return [
    `district ${shown.district}, community ${shown.community}, root ${shown.rootFingerprint ?? 'none'}`,
    `time ${moment(shown.now.seconds)} (${shown.now.quality})`,
    '',
    ...[heads, ...rows].map(line),
    '',
    kinds.join(', '),
    ...shown.reasons.map(({ document, state }) => `${document}: ${state}`),
    ...shown.warnings.map(
      ({ document, expiresAt, step, unit }) =>
        `${document}: expires ${moment(expiresAt)}, within ${step} ${unit}`,
    ),
    ...shown.problems.map(({ document, what }) => `${document ?? 'cache'}: ${what}`),
    '',
  ].join('\n');
}

function moment(seconds: number | undefined): string {
  return seconds === undefined ? '-' : new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}

function optionsOf(args: readonly string[]): { readonly config: string; readonly json: boolean } | undefined {
  try {
    const options = { config: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    return values.config === undefined ? undefined : { config: values.config, json: values.json === true };
  } catch {
    return undefined;
  }
}
