import type { Hardware } from '#shared/hardware/contract.ts';
import type { Report } from '../decide/file-plan.ts';

/** One record as it is kept and sent: the encoded `smee.hardware.v1.Hardware`, its revision inside. Never changed in place. */
export interface StoredRecord {
  readonly name: string;
  readonly revision: number;
  readonly bytes: Uint8Array;
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One change of one record. The bytes of a deletion are a Hardware with its name and the revision of the deletion. */
export interface Change extends StoredRecord {
  readonly type: ChangeType;
}

/** What a record can be found by; the value is in its canonical form. Only an agent id may stand in more than one record. */
export interface Key {
  readonly field: 'name' | 'mac' | 'ip' | 'agent_id';
  readonly value: string;
}

/** A record and its place among those of its snapshot, from 1. */
export interface PlacedRecord extends Omit<StoredRecord, 'name'> {
  readonly place: number;
}

/** All records at one moment, read bit by bit while writes go on. Dispose it, read to its end or not. */
export interface Snapshot extends Disposable {
  readonly revision: number;
  /** Those after a place, in the order of their places; the first are after 0. Read them, or some, at once. */
  after(place: number): Iterable<PlacedRecord>;
}

/**
 * Where the records are. Reads are synchronous, so that "what is there now, and everything after it" has no gap in between.
 * Every change of any record raises the store's revision by one.
 */
export interface Store extends Disposable {
  /** Made once, when the store is created: revisions mean nothing in another store. */
  readonly id: string;
  /** Of the last change; 0 when there was none. */
  readonly revision: number;
  /** The smallest revision whose later changes are all still known. */
  readonly oldest: number;
  /** How many records there are. */
  readonly size: number;
  find(key: Key): readonly StoredRecord[];
  /** Records in the order of their names, after the name `after` (empty: from the first). Read them, or some, at once. */
  list(after: string): Iterable<StoredRecord>;
  /** Changes after a revision, which is not below `oldest`, in revision order. Read them, or some, at once. */
  changes(after: number): Iterable<Change>;
  snapshot(): Snapshot;
  /** Calls back after every change; gives back what ends that. */
  onChange(listener: () => void): () => void;
  /** What is wrong with the records where they come from, as they were read last: how many things. */
  readonly problems: number;
  /** The first of them. */
  readonly reports: readonly Report[];
  /** Undefined when records are written elsewhere (a file, another system). */
  readonly writer: Writer | undefined;
  /** Why there is no writer, as a sentence. */
  readonly readOnly?: string;
}

/** A name, MAC or IP that another record has. */
export interface Conflict {
  /** `hardware.interfaces[0].dhcp.mac` */
  readonly field: string;
  readonly value: string;
  /** The name of the record that has it. */
  readonly owner: string;
}

export type Written =
  | { readonly outcome: 'created' | 'updated' | 'unchanged' | 'deleted'; readonly record: StoredRecord }
  | { readonly outcome: 'taken'; readonly conflicts: readonly Conflict[] }
  | { readonly outcome: 'stale'; readonly current: number | undefined }
  | { readonly outcome: 'absent' };

/**
 * Writes: all or nothing, durable when the promise resolves, names, MACs and IPs unique over all records. The records are
 * valid and canonical (`decide/validate.ts`). `hardware.revision`, when not 0, is the one that the caller saw. Writing what
 * is there already changes nothing.
 */
export interface Writer {
  create(hardware: Hardware): Promise<Written>;
  update(hardware: Hardware): Promise<Written>;
  apply(hardware: Hardware): Promise<Written>;
  /** @param revision that the caller saw, or 0 for any */
  delete(name: string, revision: number): Promise<Written>;
}
