import type { DatabaseSync } from 'node:sqlite';
import type { EncodedBootEvent } from '../wire/boot-answers.ts';

interface NewEvent extends EncodedBootEvent {
  readonly at: number;
  /** Empty when nothing says whose it is. */
  readonly mac: string;
  /** Of a fetch that takes long. */
  readonly fetch: string | undefined;
}

/** Of one fetch there are one or two; a reporter may say of thousands that they are of one. */
const mostOfFetch = 8;

/** The events' table. */
export type EventRows = ReturnType<typeof eventRows>;

export function eventRows(database: DatabaseSync) {
  const columns = 'id, boot, body';
  const sql = {
    insert: database.prepare('INSERT INTO event (id, at, mac, boot, body, fetch) VALUES (?, ?, ?, ?, ?, ?)'),
    remove: database.prepare('DELETE FROM event WHERE id = ?'),
    ofFetch: database.prepare(
      `SELECT ${columns} FROM event WHERE fetch = ? ORDER BY id LIMIT ${mostOfFetch}`,
    ),
    last: database.prepare(
      "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0) AS id",
    ),
    from: database.prepare('SELECT id, at FROM event WHERE id >= ? ORDER BY id LIMIT 1'),
    count: database.prepare('SELECT count(*) AS count FROM event'),
    after: database.prepare(`SELECT ${columns} FROM event WHERE id > ? ORDER BY id LIMIT ?`),
    afterOf: database.prepare(`SELECT ${columns} FROM event WHERE mac = ? AND id > ? ORDER BY id LIMIT ?`),
    ofBoot: database.prepare(`SELECT ${columns} FROM event WHERE boot = ? ORDER BY at DESC, id DESC LIMIT ?`),
    ofBootFirst: database.prepare(`SELECT ${columns} FROM event WHERE boot = ? ORDER BY at, id LIMIT ?`),
    move: database.prepare('UPDATE event SET boot = ? WHERE mac = ? AND at >= ? AND at < ? AND boot <> ?'),
    oldest: database.prepare('DELETE FROM event WHERE id IN (SELECT id FROM event ORDER BY id LIMIT ?)'),
    aged: database.prepare(
      'DELETE FROM event WHERE id IN (SELECT id FROM event ORDER BY id LIMIT ?) AND at < ?',
    ),
    crowded: database.prepare(
      `DELETE FROM event WHERE id IN (
         SELECT id FROM event WHERE mac = ?1 AND id <= (
           SELECT id FROM event WHERE mac = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2
         ) ORDER BY id LIMIT ?3)`,
    ),
  };
  return {
    insert: ({ id, at, mac, boot, body, fetch }: NewEvent): void => {
      sql.insert.run(id, at, mac, boot, body, fetch ?? null);
    },
    remove: (id: number): void => {
      sql.remove.run(id);
    },
    /** What is kept of one fetch; of too much the oldest. */
    ofFetch: (fetch: string) => events(sql.ofFetch.all(fetch)),
    /** The last id ever given. */
    last: (): number => Number(sql.last.get()?.id),
    /**
     * The last id of those that happened before `time`, or 0. Ids rise with time but for events that came late: halving the ids
     * finds it without an index.
     */
    lastBefore: (time: number): number => {
      let [before, after] = [0, Number(sql.last.get()?.id) + 1];
      while (after - before > 1) {
        const middle = Math.floor((before + after) / 2);
        const found = sql.from.get(middle);
        if (found !== undefined && Number(found.at) < time) before = Number(found.id);
        else after = middle;
      }
      return before;
    },
    count: (): number => Number(sql.count.get()?.count),
    /** @param mac only this machine's */
    after: (id: number, limit: number, mac?: string) =>
      events(mac === undefined ? sql.after.all(id, limit) : sql.afterOf.all(mac, id, limit)),
    /** The newest of a boot, in the order in which they happened. */
    ofBoot: (boot: number, limit: number) => events(sql.ofBoot.all(boot, limit)).toReversed(),
    /** The oldest and the newest of a boot, each once. */
    endsOfBoot: (boot: number, oldest: number, newest: number) => {
      const first = events(sql.ofBootFirst.all(boot, oldest));
      const known = new Set(first.map(({ id }) => id));
      return [...first, ...events(sql.ofBoot.all(boot, newest)).filter(({ id }) => !known.has(id))];
    },
    /** A machine's events from `start` until before `next` belong to this boot. */
    move: (boot: number, mac: string, start: number, next: number): void => {
      sql.move.run(boot, mac, start, next, boot);
    },
    /** Each deletes at most `limit`, and gives back how many those were. */
    deleteOldest: (limit: number) => Number(sql.oldest.run(limit).changes),
    /** Those among the oldest that are from before `time`. */
    deleteAged: (time: number, limit: number) => Number(sql.aged.run(limit, time).changes),
    /** Of a machine, what is older than its newest `keep`. */
    deleteCrowded: (mac: string, keep: number, limit: number) =>
      Number(sql.crowded.run(mac, keep, limit).changes),
  };
}

// The columns of every SELECT above are exactly the fields of the type.
function events(found: unknown): readonly EncodedBootEvent[] {
  return found as readonly EncodedBootEvent[];
}
