import type { Looked } from './finding.ts';

/** What was seen of a gate, as plain data: gathered by whoever may touch disk and devices, judged in `judge.ts`. */

export interface GateFacts {
  readonly configuration: ConfigurationFacts;
  /** Absent when the configuration cannot be read: then nothing else could be looked for. */
  readonly rest?: RestOfFacts;
}

export interface ConfigurationFacts {
  readonly file: string;
  /** Each with its line and what to do. */
  readonly problems: readonly string[];
  readonly enrolled: boolean;
}

export interface RestOfFacts {
  /** Wall time of this machine, milliseconds. */
  readonly now: number;
  readonly running: Looked<RunningFacts>;
  readonly folder: FolderFacts;
  readonly clock: Looked<ClockFacts>;
  readonly trust: Looked<TrustFacts>;
  readonly journal: Looked<JournalFacts>;
  readonly readers: readonly ReaderFacts[];
  readonly doors: readonly DoorFacts[];
  readonly broker: BrokerFacts;
  readonly district: Looked<DistrictFacts>;
  readonly pages: PagesFacts;
  /** `unwanted`: this gate has no guard's desk, by its configuration. */
  readonly guards: Looked<'some' | 'none' | 'unwanted'>;
  readonly machine: MachineFacts;
}

export interface RunningFacts {
  readonly is: boolean;
  /** What it says of itself; absent when it is not running. */
  readonly problems?: Looked<readonly string[]>;
  readonly ready?: boolean;
}

export interface FolderFacts {
  readonly path: string;
  readonly state: 'there' | 'missing' | 'unreadable';
  readonly writable: boolean;
  /** It belongs to another user than the one who asks: what that one may do is not known here. */
  readonly foreign?: true;
  /** Permission bits that let others in, octal, e.g. `755`; absent: nobody else may. */
  readonly openTo?: string;
  readonly disk: Looked<{
    readonly kind: 'disk' | 'memory' | 'network';
    readonly freeBytes: number;
    readonly totalBytes: number;
  }>;
}

export interface ClockFacts {
  readonly battery: boolean;
  readonly synchronised: boolean;
  /** Whose word that is; `unknown`: the machine says nothing of it. */
  readonly source: 'kernel' | 'timesyncd' | 'unknown';
  readonly quality: string;
  /** Absent: not known. */
  readonly errorSeconds?: number;
  /** Milliseconds by which the wall clock lies before the day this software was made; 0: it does not. */
  readonly behindBuildMs: number;
}

export interface TrustFacts {
  readonly documents: readonly {
    readonly document: string;
    readonly version: number;
    /** Seconds. */
    readonly ageSeconds: number;
  }[];
  /** How far codes may be believed at best, over all kinds. */
  readonly best: 'normal' | 'flagged' | 'guard' | 'none';
  readonly reasons: readonly { readonly document: string; readonly state: string }[];
  readonly expiring: readonly { readonly document: string; readonly step: number; readonly unit: string }[];
  readonly damaged: readonly { readonly document: string; readonly what: string }[];
}

export type JournalFacts =
  | { readonly state: 'none' }
  | { readonly state: 'whole'; readonly rows: number; readonly setAside: number }
  | { readonly state: 'damaged'; readonly detail: string; readonly setAside: number };

export interface ReaderFacts {
  readonly id: string;
  readonly type: string;
  readonly path: string;
  readonly state: 'good' | 'missing' | 'wrong-type' | 'no-rights' | 'trial' | 'page';
  /** `no-rights`: the group that may. */
  readonly group?: string;
  /** What the running gate says of it. */
  readonly lost?: string;
  /** Its path is handed out anew at each start, in the order in which devices are found. */
  readonly isFleeting?: boolean;
}

export interface DoorFacts {
  readonly lane: string;
  readonly driver: string;
  readonly state: 'good' | 'held-by-gate' | 'no-chip' | 'no-rights' | 'faulty' | 'simulated' | 'unseen';
  readonly detail?: string;
  readonly group?: string;
  readonly chip?: string;
  readonly taken?: readonly { readonly line: number; readonly by: string }[];
  readonly missingLines?: readonly number[];
  /** Something tells whether somebody passed. */
  readonly hasSensor: boolean;
  readonly hasFire: boolean;
}

export interface BrokerFacts {
  /** Host and port, never with a password; absent: none is named. */
  readonly address?: string;
  readonly isPlain?: boolean;
  readonly reach?: Looked<'reached' | 'refused' | 'no-name' | 'no-answer' | 'untrusted'>;
  /** ISO days of the gate's own certificate. */
  readonly certificate?: Looked<{ readonly until: number; readonly from: number }>;
}

export interface DistrictFacts {
  readonly connected: boolean;
  /** Milliseconds since it was last heard; absent: never yet. */
  readonly heardMsAgo?: number;
  readonly unsent: number;
}

export interface PagesFacts {
  /** `https://gate.local:8443` */
  readonly address: string;
  readonly isLoopback: boolean;
  readonly state: 'answers' | 'free' | 'taken' | 'silent' | 'unseen';
  /** Of the certificate that browsers are shown, milliseconds. */
  readonly certificateUntil?: Looked<number>;
}

export interface MachineFacts {
  readonly temperatureC: number | undefined;
  /** `untold`: the board measures its supply, and its kernel does not tell; undefined: nothing measures it. */
  readonly power: 'ok' | 'undervoltage' | 'untold' | undefined;
  readonly memoryFreeBytes: Looked<number>;
  readonly memoryTotalBytes: number;
}
