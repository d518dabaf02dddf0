import { statfsSync } from 'node:fs';
import { arch, cpus, loadavg, totalmem } from 'node:os';
import { createRequire } from 'node:module';

/** What a figure was measured on, in one line: no figure is worth anything without it. */

export function machineLine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  const memoryGb = (totalmem() / 2 ** 30).toFixed(1);
  return `${processors.length} × ${model} (${process.platform} ${arch()}), ${memoryGb} GB`;
}

/** A machine that does other work says so in its results. */
export function loadLine(): string {
  const [minute = 0] = loadavg();
  return `load ${minute.toFixed(1)} on ${cpus().length} cores`;
}

export function versionsLine(packages: readonly string[]): string {
  const { node, v8, openssl, sqlite } = process.versions;
  const runtime = `Node ${node} (V8 ${v8}, OpenSSL ${openssl}, SQLite ${sqlite ?? 'none'})`;
  return [runtime, ...packages.map((name) => `${name} ${packageVersion(name)}`)].join(', ');
}

/** tmpfs and ramfs make nothing durable: a figure of a sync there would mean nothing. */
export function isMemoryDisk(folder: string): boolean {
  return [0x0102_1994, 0x8584_58f6].includes(statfsSync(folder).type);
}

function packageVersion(name: string): string {
  const found = createRequire(import.meta.url)(`../../node_modules/${name}/package.json`) as {
    version: string;
  };
  return found.version;
}
