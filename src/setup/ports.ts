import type { Result } from '../base/index.ts';
import type {
  DisplayEnrolment,
  EnrolmentRefusal,
  SetupAddress,
  SetupDevice,
  SetupDoorChange,
  SetupNetwork,
  SetupProxy,
  SetupReader,
  SetupReaderVerdict,
  SetupState,
  SetupTime,
  SetupWifi,
} from '../wire/index.ts';
import type { Visitor } from './entrance.ts';
import type { Finding } from './finding.ts';
import type { RelayResult } from './relay-result.ts';

/** What the set-up page asks of the machine that it stands on; a new gate and a running one answer differently. */
export interface SetupMachine {
  readonly mode: SetupState['mode'];
  state(): Omit<SetupState, 'mode' | 'enrolment' | 'setupText'>;
  enrolment(): DisplayEnrolment;
  /** Absent: this gate is enrolled. @returns why not */
  readonly enrol?: (text: string) => Promise<EnrolmentRefusal | undefined>;
  devices(): Promise<readonly SetupDevice[]>;
  /** Listens to one reader until it has read something, or for too long. `in-use`: the gate is reading from it. */
  listen(reader: SetupReader): Promise<SetupReaderVerdict | 'in-use'>;
  readonly setupText: string;
  /** What is wrong with the change, ready for whoever made it; nothing was written then. */
  setReader(lane: string, reader: SetupReader): Result<'now' | 'next-start', string>;
  removeReader(lane: string, reader: string): Result<'now' | 'next-start', string>;
  setDoor(lane: string, door: SetupDoorChange): Result<'now' | 'next-start', string>;
  /** @throws with a sentence for the installer when nothing could be opened */
  testRelay(lane: string, visitor: Visitor): Promise<RelayResult>;
  readonly network: Network;
  findings(): Promise<readonly Finding[]>;
  finish(): 'starts' | 'restarts' | 'by-hand' | 'waits';
}

/** The machine's network. What it cannot change, it says how to change by hand. */
export interface Network {
  look(): Promise<SetupNetwork>;
  /** @returns what went wrong, without what was sent */
  joinWifi(wifi: SetupWifi): Promise<string | undefined>;
  setAddress(address: SetupAddress): Promise<string | undefined>;
  /** Holds at once for what is asked from then on. */
  setProxy(proxy: SetupProxy): string | undefined;
  setTime(time: SetupTime): string | undefined;
}
