/** What enters at the front is described in wire/inbox.ts, so that the pure rooms can name it; ports hands it on. */
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
} from '../wire/index.ts';
