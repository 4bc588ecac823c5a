import type { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { messageOf, UnavailableError } from '#shared/errors.ts';
import type { Hardware } from '#shared/hardware/contract.ts';
import { claimsOf } from '../decide/claims.ts';
import { decodeHardware, encodeHardware } from './codec.ts';
import type { ChangeType, StoredRecord } from './store.ts';

/** How much of the past is kept, for those who resume. */
export interface History {
  readonly changes: number;
  readonly milliseconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A day, or 100 000 changes: who was away for longer starts over with a snapshot. */
export const defaultHistory: History = { changes: 100_000, milliseconds: 24 * 3_600_000, now: Date.now };

/** Old changes are deleted every so many writes: each one pays little, and the bound is exceeded by no more than this. */
const pruneEvery = 256;

/** Changes of single records, each with its revision and its place in the history; to be made inside a transaction. */
export interface Rows {
  current(name: string): { readonly revision: number; readonly record: Uint8Array } | undefined;
  /** The other record that has a MAC or an address. */
  owner(field: 'mac' | 'ip', value: string, besides: string): string | undefined;
  /** Its MACs and addresses are nobody else's. */
  put(hardware: Hardware, type: 'ADDED' | 'MODIFIED'): StoredRecord;
  remove(name: string): StoredRecord;
  /** Gives the MACs and addresses of a record free, which is then put anew. */
  unclaim(name: string): void;
}

export function sqliteRows(database: DatabaseSync, history: History): Rows {
  const sql = {
    find: database.prepare('SELECT revision, record FROM hardware WHERE name = ?'),
    owner: database.prepare('SELECT name FROM claim WHERE field = ? AND value = ? AND name <> ?'),
    next: database.prepare('UPDATE store SET revision = revision + 1 RETURNING revision'),
    put: database.prepare(
      `INSERT INTO hardware (name, revision, agent_id, record) VALUES (?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, agent_id = excluded.agent_id, record = excluded.record`,
    ),
    remove: database.prepare('DELETE FROM hardware WHERE name = ?'),
    unclaim: database.prepare('DELETE FROM claim WHERE name = ?'),
    claim: database.prepare('INSERT INTO claim (field, value, name) VALUES (?, ?, ?)'),
    change: database.prepare('INSERT INTO change (revision, type, name, record, at) VALUES (?, ?, ?, ?, ?)'),
    prune: database.prepare(
      `DELETE FROM change WHERE revision <= max(
         (SELECT revision FROM store) - ?,
         coalesce((SELECT max(revision) FROM change WHERE at < ?), 0))`,
    ),
  };

  let untilPrune = 0;
  const prune = () => {
    if (untilPrune-- > 0) return;
    untilPrune = pruneEvery;
    sql.prune.run(history.changes, history.now() - history.milliseconds);
  };

  prune();

  const nextRevision = () => (sql.next.get() as { revision: number }).revision;
  const record = (type: ChangeType, hardware: Hardware): StoredRecord => {
    const name = hardware.name ?? '';
    const revision = nextRevision();
    const bytes = encodeHardware({ ...hardware, revision });
    sql.change.run(revision, type, name, bytes, history.now());
    prune();
    return { name, revision, bytes };
  };

  return {
    current: (name) => sql.find.get(name) as { revision: number; record: Uint8Array } | undefined,
    owner: (field, value, besides) =>
      (sql.owner.get(field, value, besides) as { name: string } | undefined)?.name,
    put(hardware, type) {
      const stored = record(type, hardware);
      sql.put.run(stored.name, stored.revision, hardware.agentId ?? null, stored.bytes);
      sql.unclaim.run(stored.name);
      for (const { key } of claimsOf(hardware)) sql.claim.run(key.field, key.value, stored.name);
      return stored;
    },
    remove(name) {
      sql.remove.run(name);
      return record('DELETED', { name, interfaces: [] });
    },
    unclaim: (name) => {
      sql.unclaim.run(name);
    },
  };
}

/**
 * Runs work as a whole or not at all; it is durable when this comes back.
 * @throws {UnavailableError} when the disk is full or the file is locked: nothing was written
 */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  try {
    database.exec('BEGIN IMMEDIATE');
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isOpen && database.isTransaction) database.exec('ROLLBACK');
    throw new UnavailableError(`the hardware database cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Compared as values: neither the revision nor the order of a map's keys is a difference. */
export function sameRecord(hardware: Hardware, bytes: Uint8Array, revision: number): boolean {
  const written = encodeHardware({ ...hardware, revision });
  if (written.equals(bytes)) return true;
  // Where there is no map, equal values are equal bytes.
  return hasMaps(hardware) && isDeepStrictEqual(decodeHardware(written), decodeHardware(bytes));
}

function hasMaps({ labels, annotations, other, metadata }: Hardware): boolean {
  const maps = [labels, annotations, other, metadata?.other, metadata?.facility?.other];
  return maps.some((map) => map !== undefined);
}
