/** The JSON between the server and the page; both read these types. Times are milliseconds since 1970. */

export type State = 'booting' | 'booted' | 'failed' | 'handed-over';
export type Stage = 'dhcp' | 'tftp' | 'http' | 'iso' | 'syslog' | 'os';
export type Outcome = 'yes' | 'no' | 'heard';

/** All texts may come from the machine itself. */
export interface Machine {
  readonly mac: string;
  /** The record's; empty for a stranger. */
  readonly name: string;
  readonly uuid: string;
  readonly address: string;
}

export interface Span {
  readonly stage: Stage;
  readonly from: number;
  readonly to: number;
  readonly ok: boolean;
}

export interface Boot {
  readonly id: number;
  readonly machine: Machine;
  readonly state: State;
  readonly stage: Stage | undefined;
  readonly reason: string;
  readonly detail: string;
  readonly means: string;
  readonly action: string;
  readonly arch: string;
  readonly client: string;
  readonly from: number;
  readonly to: number;
  readonly events: number;
  readonly spans: readonly Span[];
}

export interface BootEvent {
  readonly id: number;
  readonly boot: number;
  readonly at: number;
  readonly machine: Machine;
  readonly stage: Stage | undefined;
  readonly outcome: Outcome;
  readonly reason: string;
  /** The reason in a sentence, where it is not ok. */
  readonly means?: string;
  readonly said: string;
  readonly details: Readonly<Record<string, string>>;
  readonly micros: number;
  readonly repeats: number;
  readonly service: string;
  /** Of a fetch that takes long: each event of it takes the place of what was said before while it was `fetching`. Else empty. */
  readonly fetch: string;
}

export interface Summary {
  readonly booting: number;
  readonly booted: number;
  /** Those that ought to boot. */
  readonly failed: number;
  readonly handedOver: number;
  /** Those that failed for nothing but that they have no record. */
  readonly unknown: number;
}

/** Events that were lost before they were kept: nobody knows whose they were. */
export interface Gap {
  readonly events: number;
  /** When they happened. */
  readonly from: number;
  readonly to: number;
  /** Who lost them. */
  readonly service: string;
}

/** Each list holds the machines' last boots, the one that was heard of last first. */
export interface Fleet {
  readonly summary: Summary;
  readonly failed: readonly Boot[];
  readonly booting: readonly Boot[];
  readonly unknown: readonly Boot[];
  readonly lately: readonly Boot[];
  /** Of the last hour, the newest first. */
  readonly gaps: readonly Gap[];
}

export interface BootPage {
  readonly boots: readonly Boot[];
  /** For the next page; empty on the last one. */
  readonly next: string;
  readonly summary: Summary;
}

export interface BootStory {
  readonly boot: Boot;
  readonly events: readonly BootEvent[];
  readonly others: readonly Boot[];
  /** Of its time, the newest first: it may have come further than is known. */
  readonly gaps: readonly Gap[];
}

/** What can be changed of a record in the page: of the interface with this MAC. Empty texts take a value away. */
export interface RecordFields {
  readonly address: string;
  readonly netmask: string;
  readonly gateway: string;
  readonly hostname: string;
  readonly arch: string;
  readonly allowPxe: boolean;
  readonly disableDhcp: boolean;
}

export interface RecordView {
  readonly name: string;
  readonly revision: number;
  /** As a Tinkerbell document, YAML; hidden values say so. */
  readonly yaml: string;
  /** The fields whose values were left out: they may hold secrets. */
  readonly hidden: readonly string[];
  /** By MAC, in the record's order. */
  readonly interfaces: readonly { readonly mac: string; readonly fields: RecordFields }[];
}

export interface NewRecord {
  readonly name: string;
  readonly mac: string;
  readonly fields: RecordFields;
}

export interface RecordEdit extends NewRecord {
  /** The one that was seen. */
  readonly revision: number;
}

export interface Step {
  readonly stage: Stage | undefined;
  readonly asks: string;
  readonly outcome: Outcome;
  readonly said: string;
  readonly reason: string;
  readonly means: string;
  readonly action: string;
  readonly details: Readonly<Record<string, string>>;
  readonly service: string;
}

export interface Explanation {
  readonly machine: Machine;
  readonly boots: boolean;
  readonly steps: readonly Step[];
  readonly changes: readonly string[];
  readonly unknowns: readonly string[];
}

/** Whether boot events come from the hardware service, and since when that is so. */
export interface Link {
  readonly connected: boolean;
  readonly since: number;
}

/** The first thing on a stream that could not be continued: read everything anew. */
export interface Hello {
  readonly link: Link;
  /** The server's clock. */
  readonly now: number;
  /** Whether there is a token with which records can be changed. */
  readonly writable: boolean;
}

/** Events as they happen, and the boots as they are after them. */
export interface News {
  readonly events: readonly BootEvent[];
  readonly boots: readonly Boot[];
}

export interface ApiError {
  readonly error: string;
  /** A sentence for the operator. */
  readonly message: string;
}
