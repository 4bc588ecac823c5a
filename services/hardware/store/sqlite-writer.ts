import type { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { messageOf, UnavailableError } from '#shared/errors.ts';
import type { Hardware } from '#shared/hardware/contract.ts';
import { claimsOf } from '../decide/claims.ts';
import { decodeHardware, encodeHardware } from './codec.ts';
import type { ChangeType, Conflict, StoredRecord, Writer, Written } from './store.ts';

/** How much of the past is kept, for those who resume. */
export interface History {
  readonly changes: number;
  readonly milliseconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Old changes are deleted every so many writes: each one pays little, and the bound is exceeded by no more than this. */
const pruneEvery = 256;

/** The writing half of the SQLite store: every write is one transaction. */
export function sqliteWriter(database: DatabaseSync, history: History, changed: () => void): Writer {
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

  const record = (type: ChangeType, hardware: Hardware, revision: number): StoredRecord => {
    const name = hardware.name ?? '';
    const bytes = encodeHardware({ ...hardware, revision });
    sql.change.run(revision, type, name, bytes, history.now());
    prune();
    return { name, revision, bytes };
  };
  const nextRevision = () => (sql.next.get() as { revision: number }).revision;
  const current = (name: string) =>
    sql.find.get(name) as { revision: number; record: Uint8Array } | undefined;

  const put = (hardware: Hardware, type: 'ADDED' | 'MODIFIED'): Written => {
    const name = hardware.name ?? '';
    const claims = claimsOf(hardware);
    const conflicts = claims.flatMap(({ key, path }): Conflict[] => {
      const other = sql.owner.get(key.field, key.value, name) as { name: string } | undefined;
      return other === undefined ? [] : [{ field: path, value: key.value, owner: other.name }];
    });
    if (conflicts.length > 0) return { outcome: 'taken', conflicts };
    const revision = nextRevision();
    const stored = record(type, hardware, revision);
    sql.put.run(name, revision, hardware.agentId ?? null, stored.bytes);
    sql.unclaim.run(name);
    for (const { key } of claims) sql.claim.run(key.field, key.value, name);
    return { outcome: type === 'ADDED' ? 'created' : 'updated', record: stored };
  };

  const replace = (hardware: Hardware, before: { revision: number; record: Uint8Array }): Written => {
    const seen = hardware.revision ?? 0;
    if (seen !== 0 && seen !== before.revision) return { outcome: 'stale', current: before.revision };
    if (sameRecord(hardware, before.record)) {
      const { revision, record: bytes } = before;
      return { outcome: 'unchanged', record: { name: hardware.name ?? '', revision, bytes } };
    }
    return put(hardware, 'MODIFIED');
  };

  const create = (hardware: Hardware): Written => {
    const name = hardware.name ?? '';
    return current(name) === undefined
      ? put(hardware, 'ADDED')
      : { outcome: 'taken', conflicts: [{ field: 'hardware.name', value: name, owner: name }] };
  };

  const update = (hardware: Hardware): Written => {
    const before = current(hardware.name ?? '');
    return before === undefined ? { outcome: 'absent' } : replace(hardware, before);
  };

  const apply = (hardware: Hardware): Written => {
    const before = current(hardware.name ?? '');
    if (before !== undefined) return replace(hardware, before);
    // Somebody saw a record there which has been deleted since.
    return (hardware.revision ?? 0) === 0 ? put(hardware, 'ADDED') : { outcome: 'stale', current: undefined };
  };

  const remove = (name: string, seen: number): Written => {
    const before = current(name);
    if (before === undefined) return { outcome: 'absent' };
    if (seen !== 0 && seen !== before.revision) return { outcome: 'stale', current: before.revision };
    sql.remove.run(name);
    return { outcome: 'deleted', record: record('DELETED', { name, interfaces: [] }, nextRevision()) };
  };

  /** Runs a write as one transaction, durable when it comes back; a refusal leaves nothing behind. */
  const commit = async (write: () => Written): Promise<Written> => {
    const written = transaction(database, write);
    if ('record' in written && written.outcome !== 'unchanged') changed();
    return written;
  };

  return {
    create: (hardware) => commit(() => create(hardware)),
    update: (hardware) => commit(() => update(hardware)),
    apply: (hardware) => commit(() => apply(hardware)),
    delete: (name, revision) => commit(() => remove(name, revision)),
  };
}

/** @throws {UnavailableError} when the disk is full or the file is locked: nothing was written */
function transaction<T>(database: DatabaseSync, work: () => T): T {
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
function sameRecord(hardware: Hardware, bytes: Uint8Array): boolean {
  const revision = 0;
  const written = decodeHardware(encodeHardware({ ...hardware, revision }));
  return isDeepStrictEqual(written, decodeHardware(encodeHardware({ ...decodeHardware(bytes), revision })));
}
