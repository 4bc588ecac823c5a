import type { DatabaseSync } from 'node:sqlite';
import type { State } from '../decide/boots/judge.ts';

/** A boot as it is kept. */
export interface BootRow {
  readonly id: number;
  readonly mac: string;
  /** The record's; empty for a stranger. */
  readonly name: string;
  readonly address: string;
  /** Milliseconds since 1970: where its events begin, and the last of them that counts. */
  readonly start: number;
  readonly last: number;
  readonly state: State;
  /** Time alone may change what is to be said of it. */
  readonly open: 0 | 1;
  /** It is its machine's last. */
  readonly latest: 0 | 1;
  /** Rises with every change of any boot. */
  readonly change: number;
  /** Its machine has no record, and it failed for that alone. */
  readonly unknown: 0 | 1;
  /** What a search looks through, in lower case. */
  readonly haystack: string;
  /** The encoded Boot. */
  readonly body: Uint8Array;
}

/** So many machines' last boots. */
interface Count extends Pick<BootRow, 'state' | 'unknown'> {
  readonly stranger: 0 | 1;
  readonly count: number;
}

/** The boots' table. */
export type BootRows = ReturnType<typeof bootRows>;

export function bootRows(database: DatabaseSync) {
  const names = 'id, mac, name, address, start, last, state, open, latest, change, unknown, haystack, body';
  const sql = {
    put: database.prepare(
      `INSERT INTO boot (${names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, address = excluded.address, start = excluded.start,
         last = excluded.last, state = excluded.state, open = excluded.open, latest = excluded.latest,
         change = excluded.change, unknown = excluded.unknown, haystack = excluded.haystack, body = excluded.body`,
    ),
    // SQLite writes every index anew of which a column is set, whether or not to the same value.
    goOn: database.prepare('UPDATE boot SET last = ?, change = ?, haystack = ?, body = ? WHERE id = ?'),
    remove: database.prepare('DELETE FROM boot WHERE id = ?'),
    supersede: database.prepare(
      'UPDATE boot SET latest = 0, open = 0 WHERE mac = ? AND start < ? AND latest = 1',
    ),
    last: database.prepare("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'boot'), 0) AS id"),
    lastChange: database.prepare('SELECT coalesce(max(change), 0) AS change FROM boot'),
    byId: database.prepare(`SELECT ${names} FROM boot WHERE id = ?`),
    ofMachine: database.prepare(`SELECT ${names} FROM boot WHERE mac = ? ORDER BY start DESC LIMIT ?`),
    byAddress: database.prepare(
      `SELECT ${names} FROM boot WHERE address = ? AND latest = 1 ORDER BY last DESC LIMIT 1`,
    ),
    changed: database.prepare(`SELECT ${names} FROM boot WHERE change > ? ORDER BY change LIMIT ?`),
    open: database.prepare('SELECT mac FROM boot WHERE open = 1 ORDER BY id'),
    named: database.prepare(`SELECT ${names} FROM boot WHERE id > ? AND latest = 1 ORDER BY id LIMIT ?`),
    deleteAged: database.prepare(
      'DELETE FROM boot WHERE id IN (SELECT id FROM boot WHERE last < ? ORDER BY last LIMIT ?)',
    ),
    deleteStrangers: database.prepare(
      `DELETE FROM boot WHERE id IN (SELECT id FROM boot WHERE latest = 1 AND name = '' ORDER BY last LIMIT ?)`,
    ),
    count: database.prepare('SELECT count(*) AS count FROM boot'),
    summary: database.prepare(
      `SELECT state, name = '' AS stranger, unknown, count(*) AS count FROM boot WHERE latest = 1
       GROUP BY state, name = '', unknown`,
    ),
  };
  return {
    put(row: BootRow): void {
      const { id, mac, name, address, start, last, state, open, latest, change, unknown, haystack, body } =
        row;
      sql.put.run(id, mac, name, address, start, last, state, open, latest, change, unknown, haystack, body);
    },
    /** A boot that went on, of which nothing else has changed. False when there is none: it was too old, or one too many. */
    goOn: ({ id, last, change, haystack, body }: BootRow): boolean =>
      Number(sql.goOn.run(last, change, haystack, body, id).changes) > 0,
    remove: (id: number): void => {
      sql.remove.run(id);
    },
    /** What a machine had before `start` is not its last boot any more. */
    supersede: (mac: string, start: number): void => {
      sql.supersede.run(mac, start);
    },
    /** The last id ever given. */
    last: (): number => Number(sql.last.get()?.id),
    lastChange: (): number => Number(sql.lastChange.get()?.change),
    byId: (id: number) => rows(sql.byId.all(id))[0],
    /** A machine's, the newest first. */
    ofMachine: (mac: string, limit: number) => rows(sql.ofMachine.all(mac, limit)),
    byAddress: (address: string) => rows(sql.byAddress.all(address))[0],
    /** In the order of their changes. */
    changed: (since: number, limit: number) => rows(sql.changed.all(since, limit)),
    /** Machines that have a boot whose end is not known. */
    open: (): readonly string[] => sql.open.all().map(({ mac }) => String(mac)),
    /** Each machine's last boot, by id. */
    latestAfter: (id: number, limit: number) => rows(sql.named.all(id, limit)),
    deleteAged: (before: number, limit: number) => Number(sql.deleteAged.run(before, limit).changes),
    /** Of the machines without a record, those that were heard of first. */
    deleteStrangers: (limit: number) => Number(sql.deleteStrangers.run(limit).changes),
    count: (): number => Number(sql.count.get()?.count),
    /** How many machines' last boots are in each state, with a record and without. */
    summary: () => sql.summary.all() as unknown as readonly Count[],
  };
}

/** The columns of every SELECT above are exactly the fields of the type. */
export function rows(found: unknown): readonly BootRow[] {
  return found as readonly BootRow[];
}
