import type { ClockFacts, FolderFacts, MachineFacts } from './facts.ts';
import { type Finding, found, type Looked, unchecked } from './finding.ts';
import { DISK_FULL_BYTES, DISK_LOW_BYTES, HOT_C, MEMORY_LOW_BYTES } from './limits.ts';

/** What is judged of the machine itself: its folder, its clock, its warmth and its memory. */

export function judgeFolder({ path, state, writable, foreign, openTo, disk }: FolderFacts): Finding[] {
  const values = { path };
  if (state === 'missing') return [found('folder', 'note', { code: 'folder-missing', values })];
  if (state === 'unreadable') return [found('folder', 'stops', { code: 'folder-unreadable', values })];
  const findings: Finding[] = [];
  if (!writable) findings.push(found('folder', 'stops', { code: 'folder-not-writable', values }));
  if (openTo !== undefined)
    findings.push(found('folder', 'hurts', { code: 'folder-open', values: { path, mode: openTo } }));
  if (foreign === true) findings.push(found('folder', 'unchecked', { code: 'folder-foreign', values }));
  const space = judgeDisk(path, disk);
  return [
    ...findings,
    ...space,
    ...(findings.length + space.filter(({ level }) => level !== 'well').length === 0
      ? [found('folder', 'well', { code: 'folder-good', values })]
      : []),
  ];
}

function judgeDisk(path: string, disk: FolderFacts['disk']): Finding[] {
  if ('unseen' in disk) return [unchecked('folder', disk.unseen)];
  const { kind, freeBytes, totalBytes } = disk.seen;
  const values = { path, free: size(freeBytes), total: size(totalBytes) };
  const findings: Finding[] = [];
  if (kind === 'memory') findings.push(found('folder', 'hurts', { code: 'folder-in-memory', values }));
  if (kind === 'network') findings.push(found('folder', 'hurts', { code: 'folder-on-network', values }));
  if (freeBytes < DISK_FULL_BYTES) findings.push(found('folder', 'stops', { code: 'disk-full', values }));
  else if (freeBytes < DISK_LOW_BYTES) findings.push(found('folder', 'hurts', { code: 'disk-low', values }));
  else findings.push(found('folder', 'well', { code: 'disk-good', values }));
  return findings;
}

export function judgeClock(clock: Looked<ClockFacts>): Finding[] {
  if ('unseen' in clock) return [unchecked('clock', clock.unseen)];
  const { battery, synchronised, source, quality, errorSeconds, behindBuildMs } = clock.seen;
  const findings: Finding[] = [];
  if (behindBuildMs > 0) findings.push(found('clock', 'stops', { code: 'clock-before-build' }));
  findings.push(
    quality === 'unsure'
      ? found('clock', 'hurts', { code: 'clock-unsure' })
      : found('clock', 'well', {
          code: 'clock-sure',
          values: { quality, error: errorSeconds?.toFixed(1) ?? '?' },
        }),
    battery
      ? found('clock', 'well', { code: 'clock-battery' })
      : found('clock', 'note', { code: 'clock-no-battery' }),
  );
  if (source === 'unknown') findings.push(unchecked('clock', 'adjtimex'));
  else
    findings.push(
      synchronised
        ? found('clock', 'well', { code: 'clock-synchronised', values: { source } })
        : found('clock', 'hurts', { code: 'clock-not-synchronised' }),
    );
  return findings;
}

export function judgeMachine({
  temperatureC,
  power,
  memoryFreeBytes,
  memoryTotalBytes,
}: MachineFacts): Finding[] {
  const findings: Finding[] = [];
  if (temperatureC === undefined) findings.push(found('machine', 'note', { code: 'temperature-none' }));
  else {
    const isHot = temperatureC >= HOT_C;
    findings.push(
      found('machine', isHot ? 'hurts' : 'well', {
        code: isHot ? 'temperature-high' : 'temperature-good',
        values: { celsius: temperatureC.toFixed(0) },
      }),
    );
  }
  if (power !== undefined) findings.push(POWER[power]);
  if ('unseen' in memoryFreeBytes) return [...findings, unchecked('machine', memoryFreeBytes.unseen)];
  const isLow = memoryFreeBytes.seen < MEMORY_LOW_BYTES;
  const values = { free: size(memoryFreeBytes.seen), total: size(memoryTotalBytes) };
  return [
    ...findings,
    found('machine', isLow ? 'hurts' : 'well', { code: isLow ? 'memory-low' : 'memory-good', values }),
  ];
}

const POWER: Readonly<Record<Exclude<MachineFacts['power'], undefined>, Finding>> = {
  ok: found('machine', 'well', { code: 'power-good' }),
  undervoltage: found('machine', 'hurts', { code: 'power-low' }),
  untold: found('machine', 'note', { code: 'power-untold' }),
};

const MIB = 1024 * 1024;

function size(bytes: number): string {
  return bytes >= 1024 * MIB ? `${(bytes / 1024 / MIB).toFixed(1)} GiB` : `${Math.round(bytes / MIB)} MiB`;
}
