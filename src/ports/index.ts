/** Interfaces and tokens only: what the house asks of devices, clock, disk and network. Each has a simulated twin. */
export type { Clock } from './clock.ts';
export type { Disk, DiskFile } from './disk.ts';
export {
  DOOR_INPUTS,
  type Door,
  type DoorHealth,
  type DoorInput,
  type DoorInputs,
  type InputChange,
  type PulseOutcome,
  RELAY_ON_MAX_MS,
} from './door.ts';
export {
  COMMAND_VERBS,
  type CommandItem,
  type CommandVerb,
  type DoorItem,
  type InboxItem,
  MANUAL_VERBS,
  type ManualItem,
  type ManualVerb,
  type ReaderItem,
  type RejectedCommandItem,
  SYSTEM_EVENTS,
  type SystemEvent,
  type SystemItem,
  type UsedElsewhereItem,
} from './inbox.ts';
export type { Log, LogFields } from './log.ts';
export type { Random } from './random.ts';
export {
  type DropReason,
  type Reader,
  type ReaderHealth,
  SCAN_TEXT_MAX,
  type Scan,
  type ScanSink,
} from './reader.ts';
export type { Receipt } from './receipt.ts';
export type { Signer } from './signer.ts';
export type { Supervisor } from './supervisor.ts';
