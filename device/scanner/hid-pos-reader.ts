import { readFile, stat } from 'node:fs/promises';
import type { Clock, Reader } from '../../src/ports/index.ts';
import { connectedReader, type Session, type SessionContext } from './connected-reader.ts';
import { afterQuiet, deliverPatiently } from './delivery.ts';
import { isPosDescriptor, reportReaderOf } from './hid-pos-layout.ts';
import {
  createPosAssembler,
  parsePosReport,
  type PosAssembler,
  type PosOutcome,
  type ReadReport,
} from './hid-pos-report.ts';
import { openRawDevice, type RawDevice } from './raw-device.ts';

/**
 * A reader in HID point-of-sale mode. It is read report by report and never ahead of the gate's queue; the kernel keeps
 * 64 reports for it meanwhile (hidraw's ring), about twelve codes of kind 2, and forgets older ones without saying so.
 */
export interface HidPosSettings {
  readonly id: string;
  /** Its hidraw node, best under the stable name that the udev rule gives: `/dev/menwei/hid-pos-…`. */
  readonly path: string;
  /** Longest wait for the rest of a text that fills several reports. */
  readonly gapMs?: number;
}

const GAP_MS = 300;
/** Longest report hidraw hands out is 4096 bytes (HID_MAX_BUFFER_SIZE); readers use 64. */
const REPORT_BYTES_MAX = 4_096;

export interface HidPosDeps {
  readonly clock: Clock;
  /** What the device says of its reports; undefined where the system does not tell. */
  readonly descriptorOf?: (path: string) => Promise<Uint8Array | undefined>;
}

export function hidPosReader(settings: HidPosSettings, deps: HidPosDeps): Reader {
  const { descriptorOf = reportDescriptorAt } = deps;
  const connect = async (context: SessionContext) => {
    const read = readerFor(await descriptorOf(settings.path), settings.path);
    return openSession(settings, read, context);
  };
  return connectedReader({ id: settings.id, path: settings.path, connect }, deps.clock);
}

/** A scanner whose descriptor leaves open where its data lies has it where most have it. */
function readerFor(descriptor: Uint8Array | undefined, path: string): ReadReport {
  if (descriptor === undefined) return parsePosReport;
  const read = reportReaderOf(descriptor);
  if (read.ok) return read.value;
  if (read.error === 'no-data' && isPosDescriptor(descriptor)) return parsePosReport;
  throw new Error(
    `${path} is no scanner in point-of-sale mode (${read.error}); look with: menwei reader list`,
  );
}

/** By the device's number: what its name leads to may change. */
export async function reportDescriptorAt(path: string, root = '/sys'): Promise<Uint8Array | undefined> {
  try {
    const node = await stat(path);
    if (!node.isCharacterDevice()) return undefined;
    return await readFile(`${root}/dev/char/${deviceNumber(node.rdev)}/device/report_descriptor`);
  } catch {
    return undefined;
  }
}

/** `major:minor`, as glibc packs them (gnu_dev_makedev); hidraw's are small. */
function deviceNumber(rdev: number): string {
  return `${(rdev >>> 8) & 0xfff}:${(rdev & 0xff) | ((rdev >>> 12) & 0xfff00)}`;
}

async function openSession(
  settings: HidPosSettings,
  read: ReadReport,
  context: SessionContext,
): Promise<Session> {
  const device = await openRawDevice({
    path: settings.path,
    readBytesMax: REPORT_BYTES_MAX,
    inFlightMax: 1,
  });
  const assembler = createPosAssembler(read);
  return {
    ended: pump(device, assembler, { settings, context }),
    close: () => device.close(),
  };
}

async function pump(
  device: RawDevice,
  assembler: PosAssembler,
  { settings, context }: { readonly settings: HidPosSettings; readonly context: SessionContext },
): Promise<string> {
  for (;;) {
    const cancel = assembler.pending
      ? afterQuiet(context.clock, settings.gapMs ?? GAP_MS, () => tellDrops(assembler.gap(), context))
      : undefined;
    const report = await device.next();
    cancel?.();
    if (report === undefined) break;
    const at = context.clock.monotonic();
    for (const outcome of assembler.push(report)) {
      if ('dropped' in outcome) context.sink.dropped(outcome.dropped);
      else await deliverPatiently({ reader: settings.id, text: outcome.text, at }, context.sink, context);
    }
  }
  tellDrops(assembler.gap(), context);
  return device.ended ?? 'the device ended';
}

function tellDrops(outcomes: readonly PosOutcome[], context: SessionContext): void {
  for (const outcome of outcomes) if ('dropped' in outcome) context.sink.dropped(outcome.dropped);
}
