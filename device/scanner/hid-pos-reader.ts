import type { Clock, Reader } from '../../src/ports/index.ts';
import { connectedReader, type Session, type SessionContext } from './connected-reader.ts';
import { deliverPatiently } from './delivery.ts';
import { createPosAssembler, type PosOutcome } from './hid-pos-report.ts';
import { openRawDevice, type RawDevice } from './raw-device.ts';

/**
 * A reader in HID point-of-sale mode. It is read report by report and never ahead of the gate's queue; the kernel keeps
 * 64 reports for it meanwhile (hidraw's ring), about twelve codes of kind 2, and forgets older ones without saying so.
 */
export interface HidPosSettings {
  readonly id: string;
  /** Its hidraw node, best under a stable name given by a udev rule. */
  readonly path: string;
  /** Longest wait for the rest of a text that fills several reports. */
  readonly gapMs?: number;
}

const GAP_MS = 300;
/** Longest report hidraw hands out is 4096 bytes (HID_MAX_BUFFER_SIZE); readers use 64. */
const REPORT_BYTES_MAX = 4_096;

export function hidPosReader(settings: HidPosSettings, deps: { readonly clock: Clock }): Reader {
  const connect = (context: SessionContext) => openSession(settings, context);
  return connectedReader({ id: settings.id, path: settings.path, connect }, deps.clock);
}

async function openSession(settings: HidPosSettings, context: SessionContext): Promise<Session> {
  const device = await openRawDevice({
    path: settings.path,
    readBytesMax: REPORT_BYTES_MAX,
    inFlightMax: 1,
  });
  return { ended: pump(device, settings, context), close: () => device.close() };
}

async function pump(device: RawDevice, settings: HidPosSettings, context: SessionContext): Promise<string> {
  const assembler = createPosAssembler();
  for (;;) {
    const cancel = assembler.pending
      ? context.clock.after(settings.gapMs ?? GAP_MS, () => tellDrops(assembler.gap(), context))
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
