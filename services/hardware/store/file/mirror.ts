import type { DatabaseSync } from 'node:sqlite';
import { SmeeError } from '#shared/errors.ts';
import type { Hardware } from '#shared/hardware/contract.ts';
import { claimsOf } from '../../decide/claims.ts';
import {
  type FileContent,
  type Plan,
  planRecords,
  type Report,
  type Served,
} from '../../decide/file-plan.ts';
import { decodeHardware } from '../codec.ts';
import { defaultHistory, sameRecord, sqliteRows, transaction } from '../sqlite-rows.ts';

/** What a reading of the files has changed. */
export interface Mirrored {
  readonly reports: readonly Report[];
  readonly records: number;
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
}

/**
 * Makes the database say what the files say, in one transaction: a change of the files is seen as a whole, or not at all. What
 * is the same in both stays as it is, with its revision.
 * @throws {SmeeError} `store` when the database is not one of this backend; {UnavailableError} when it cannot be written
 */
export function mirror(database: DatabaseSync, contents: readonly FileContent<Hardware>[]): Mirrored {
  // Which file each record came from: a file that cannot be read keeps them.
  database.exec(
    `CREATE TABLE IF NOT EXISTS origin (
       name TEXT PRIMARY KEY REFERENCES hardware (name) ON DELETE CASCADE,
       file TEXT NOT NULL
     ) STRICT, WITHOUT ROWID`,
  );
  refuseForeign(database);
  return transaction(database, () => {
    const served = readServed(database);
    const plan = planRecords(contents, served);
    return { reports: plan.reports, ...follow(database, plan, served) };
  });
}

function follow(
  database: DatabaseSync,
  { puts, keeps }: Plan<Hardware>,
  served: ReadonlyMap<string, Served>,
): Omit<Mirrored, 'reports'> {
  const rows = sqliteRows(database, defaultHistory);
  const setOrigin = database.prepare('INSERT OR REPLACE INTO origin (name, file) VALUES (?, ?)');
  const wanted = new Set(puts.map(({ name }) => name));
  const gone = [...served.keys()].filter((name) => !wanted.has(name) && !keeps.has(name));
  const changed = puts.filter(({ name, hardware }) => {
    const before = rows.current(name);
    return before === undefined || !sameRecord(hardware, before.record, before.revision);
  });
  for (const name of gone) rows.remove(name);
  // First all of them: two records may have swapped their addresses.
  for (const { name } of changed) rows.unclaim(name);
  for (const { name, hardware } of changed) rows.put(hardware, served.has(name) ? 'MODIFIED' : 'ADDED');
  for (const { name, file } of puts) if (served.get(name)?.file !== file) setOrigin.run(name, file);
  const updated = changed.filter(({ name }) => served.has(name)).length;
  return {
    records: puts.length + keeps.size,
    created: changed.length - updated,
    updated,
    deleted: gone.length,
  };
}

function readServed(database: DatabaseSync): ReadonlyMap<string, Served> {
  const served = new Map<string, Served>();
  const rows = database.prepare('SELECT name, file, record FROM hardware JOIN origin USING (name)');
  for (const row of rows.iterate()) {
    const { name, file, record } = row as { name: string; file: string; record: Uint8Array };
    const claims = claimsOf(decodeHardware(record)).map(({ key }) => `${key.field} ${key.value}`);
    served.set(name, { file, claims });
  }
  return served;
}

/** Records of the sqlite backend are nobody's copy: they must not be deleted for not standing in a file. */
function refuseForeign(database: DatabaseSync): void {
  const foreign = database
    .prepare('SELECT name FROM hardware WHERE name NOT IN (SELECT name FROM origin) LIMIT 1')
    .get();
  if (foreign !== undefined)
    throw new SmeeError(
      'store',
      'SMEE_BACKEND_FILE_STATE_PATH: is a database of the sqlite backend; name another file',
    );
}
