import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Query } from '../decide/boots/query.ts';
import type { Summary } from '../wire/boot-answers.ts';
import { type BootRow, type BootRows, rows } from './boot-rows.ts';

type Row = Pick<BootRow, 'id' | 'last' | 'body'>;

/** Boots as a query asks for them, the one that was heard of last first; one more than its page holds, if there is one. */
export class Listing {
  readonly #database: DatabaseSync;
  /** A handful: one for each combination of filters. */
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  page({ size, after, states, search, latest, strangers, unknown }: Query): readonly Row[] {
    const values: SQLInputValue[] = [];
    const clauses: string[] = [];
    const only = (clause: string, ...bound: readonly SQLInputValue[]) => {
      clauses.push(clause);
      values.push(...bound);
    };
    if (latest) only('latest = 1');
    if (after !== undefined) only('(last, id) < (?, ?)', after.last, after.id);
    if (states.length > 0) only(`state IN (${states.map(() => '?').join(', ')})`, ...states);
    if (strangers) only("name = ''");
    if (unknown !== 'INCLUDED') only('unknown = ?', unknown === 'ONLY' ? 1 : 0);
    if (search !== '') only('instr(haystack, ?) > 0', search);
    const where = clauses.length === 0 ? '' : `WHERE ${clauses.join(' AND ')}`;
    const statement = this.#prepared(
      `SELECT id, last, body FROM boot ${where} ORDER BY last DESC, id DESC LIMIT ?`,
    );
    return rows(statement.all(...values, size + 1));
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

/** Of the machines' last boots. */
export function summaryOf(boots: BootRows, lastEventId: number): Summary {
  const counts = boots.summary();
  const sum = (holds: (one: (typeof counts)[number]) => boolean) =>
    counts.filter(holds).reduce((total, { count }) => total + count, 0);
  return {
    booting: sum(({ state }) => state === 'BOOTING'),
    booted: sum(({ state }) => state === 'BOOTED'),
    failed: sum(({ state }) => state === 'FAILED'),
    handedOver: sum(({ state }) => state === 'HANDED_OVER'),
    strangers: sum(({ stranger }) => stranger === 1),
    lastEventId,
    unknown: sum(({ unknown }) => unknown === 1),
  };
}
