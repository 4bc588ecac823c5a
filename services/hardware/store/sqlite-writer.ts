import type { DatabaseSync } from 'node:sqlite';
import type { Hardware } from '#shared/hardware/contract.ts';
import { claimsOf } from '../decide/claims.ts';
import { GroupCommit } from './group-commit.ts';
import { type History, sameRecord, sqliteRows } from './sqlite-rows.ts';
import type { Conflict, Writer, Written } from './store.ts';

/**
 * The writing half of the SQLite store: writes that come at once share a transaction.
 * @param patience how long a write may wait for another program that writes, in milliseconds
 */
export function sqliteWriter(
  database: DatabaseSync,
  history: History,
  patience: number,
  changed: () => void,
): Writer {
  const rows = sqliteRows(database, history);

  const put = (hardware: Hardware, type: 'ADDED' | 'MODIFIED'): Written => {
    const name = hardware.name ?? '';
    const conflicts = claimsOf(hardware).flatMap(({ key: { field, value }, path }): Conflict[] => {
      const owner = rows.owner(field, value, name);
      return owner === undefined ? [] : [{ field: path, value, owner }];
    });
    if (conflicts.length > 0) return { outcome: 'taken', conflicts };
    return { outcome: type === 'ADDED' ? 'created' : 'updated', record: rows.put(hardware, type) };
  };

  const replace = (hardware: Hardware, before: { revision: number; record: Uint8Array }): Written => {
    const seen = hardware.revision ?? 0;
    if (seen !== 0 && seen !== before.revision) return { outcome: 'stale', current: before.revision };
    if (sameRecord(hardware, before.record, before.revision)) {
      const { revision, record: bytes } = before;
      return { outcome: 'unchanged', record: { name: hardware.name ?? '', revision, bytes } };
    }
    return put(hardware, 'MODIFIED');
  };

  const create = (hardware: Hardware): Written => {
    const name = hardware.name ?? '';
    return rows.current(name) === undefined
      ? put(hardware, 'ADDED')
      : { outcome: 'taken', conflicts: [{ field: 'hardware.name', value: name, owner: name }] };
  };

  const update = (hardware: Hardware): Written => {
    const before = rows.current(hardware.name ?? '');
    return before === undefined ? { outcome: 'absent' } : replace(hardware, before);
  };

  const apply = (hardware: Hardware): Written => {
    const before = rows.current(hardware.name ?? '');
    if (before !== undefined) return replace(hardware, before);
    // Somebody saw a record there which has been deleted since.
    return (hardware.revision ?? 0) === 0 ? put(hardware, 'ADDED') : { outcome: 'stale', current: undefined };
  };

  const remove = (name: string, seen: number): Written => {
    const before = rows.current(name);
    if (before === undefined) return { outcome: 'absent' };
    if (seen !== 0 && seen !== before.revision) return { outcome: 'stale', current: before.revision };
    return { outcome: 'deleted', record: rows.remove(name) };
  };

  const commits = new GroupCommit<Written>(database, patience, (written) => {
    if (written.some((one) => 'record' in one && one.outcome !== 'unchanged')) changed();
  });

  return {
    create: (hardware) => commits.run(() => create(hardware)),
    update: (hardware) => commits.run(() => update(hardware)),
    apply: (hardware) => commits.run(() => apply(hardware)),
    delete: (name, revision) => commits.run(() => remove(name, revision)),
  };
}
