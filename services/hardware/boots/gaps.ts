import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '#shared/errors.ts';
import type { Gap } from '#shared/events/gap.ts';
import type { Log } from '#shared/log.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import type { Source } from './keeper.ts';

/** A gap, and whose it is. */
export interface KeptGap extends Gap, Source {}

/** Gaps that are kept; the oldest go first. */
const most = 1000;

/** Two gaps of one instance that are no farther apart are one, in milliseconds: a queue that is full loses some of every batch. */
const apart = 10_000;

/** Gaps that are told at a time. */
const told = 20;

/** When events were lost, and by whom: what is known of the boots of that time may not be all. */
export class Gaps {
  readonly #sql;
  readonly #log: Log;
  readonly #failures = new RateLimit(1 / 60, 3);

  constructor(database: DatabaseSync, log: Log) {
    const columns = 'events, since AS "from", until AS "to", service, instance';
    this.#log = log;
    this.#sql = {
      last: database.prepare(
        'SELECT id, since, until FROM gap WHERE service = ? AND instance = ? ORDER BY id DESC LIMIT 1',
      ),
      grow: database.prepare(
        `UPDATE gap SET since = min(since, ?), until = max(until, ?), events = min(events + ?, ${Number.MAX_SAFE_INTEGER})
         WHERE id = ?`,
      ),
      insert: database.prepare(
        'INSERT INTO gap (since, until, events, service, instance) VALUES (?, ?, ?, ?, ?)',
      ),
      forget: database.prepare('DELETE FROM gap WHERE id <= ?'),
      during: database.prepare(
        `SELECT ${columns} FROM gap WHERE until >= ? AND since <= ? ORDER BY until DESC LIMIT ${told}`,
      ),
    };
  }

  add({ events, from, to }: Gap, { service, instance }: Source): void {
    try {
      const last = this.#sql.last.get(service, instance) as
        | { readonly id: number; readonly since: number; readonly until: number }
        | undefined;
      if (last !== undefined && from - last.until <= apart && last.since - to <= apart)
        this.#sql.grow.run(from, to, events, last.id);
      else {
        const { lastInsertRowid } = this.#sql.insert.run(from, to, events, service, instance);
        this.#sql.forget.run(Number(lastInsertRowid) - most);
      }
    } catch (error) {
      if (this.#failures.allow())
        this.#log.error({ error: messageOf(error) }, 'that events are missing cannot be written');
    }
  }

  /** Those that touch a time, the newest first. In milliseconds since 1970. */
  during(from: number, to: number): readonly KeptGap[] {
    return this.#sql.during.all(from, to) as unknown as readonly KeptGap[];
  }
}
