import type { DatabaseSync } from 'node:sqlite';
import type { Change, Key, PlacedRecord, Snapshot, Store, StoredRecord } from './store.ts';

type Reads = Pick<Store, 'find' | 'list' | 'changes' | 'snapshot'>;

interface Reader extends Reads {
  readonly id: string;
  revision(): number;
  oldest(): number;
  size(): number;
}

const columns = 'h.name, h.revision, h.record AS bytes';

/**
 * The reading half of the SQLite store.
 * @param another opens one more connection: a snapshot reads in a transaction of its own, which sees the moment at which it
 * began however long the reading takes
 */
export function sqliteReader(database: DatabaseSync, another: () => DatabaseSync): Reader {
  const store = database.prepare('SELECT id, revision FROM store');
  // Changes are only ever cut off at their old end, so that what is left has no gaps.
  const oldest = database.prepare(
    'SELECT coalesce((SELECT min(revision) FROM change) - 1, (SELECT revision FROM store)) AS oldest',
  );
  const size = database.prepare('SELECT count(*) AS size FROM hardware');
  const list = database.prepare(`SELECT ${columns} FROM hardware h WHERE h.name > ? ORDER BY h.name`);
  const changes = database.prepare(
    'SELECT type, name, revision, record AS bytes FROM change WHERE revision > ? ORDER BY revision',
  );
  const byClaim = `SELECT ${columns} FROM claim c JOIN hardware h USING (name) WHERE c.field = ? AND c.value = ?`;
  const claimed = database.prepare(byClaim);
  const named = database.prepare(`SELECT ${columns} FROM hardware h WHERE h.name = ?`);
  const byAgent = database.prepare(
    `SELECT ${columns} FROM hardware h WHERE h.agent_id = ? ORDER BY h.name LIMIT 2`,
  );

  const head = () => store.get() as { id: string; revision: number };

  return {
    id: head().id,
    revision: () => head().revision,
    oldest: () => (oldest.get() as { oldest: number }).oldest,
    size: () => (size.get() as { size: number }).size,
    find: ({ field, value }: Key) => {
      if (field === 'name') return rows<StoredRecord>(named.all(value));
      if (field === 'agent_id') return rows<StoredRecord>(byAgent.all(value));
      return rows<StoredRecord>(claimed.all(field, value));
    },
    list: (after) => lazily<StoredRecord>(() => list.iterate(after)),
    changes: (after) => lazily<Change>(() => changes.iterate(after)),
    snapshot: () => snapshot(another()),
  };
}

function snapshot(database: DatabaseSync): Snapshot {
  using opened = new DisposableStack();
  opened.defer(() => database.close());
  database.exec('BEGIN');
  // The transaction sees the moment of its first read, which is this one.
  const { revision } = database.prepare('SELECT revision FROM store').get() as { revision: number };
  // In the order of the table itself, which is read from one end to the other; by name, each row would be looked for.
  const after = database.prepare(
    'SELECT rowid AS place, revision, record AS bytes FROM hardware WHERE rowid > ? ORDER BY rowid',
  );
  const connection = opened.move();
  return {
    revision,
    after: (place) => lazily<PlacedRecord>(() => after.iterate(place)),
    [Symbol.dispose]: () => connection.dispose(),
  };
}

// The columns of every SELECT above are exactly the fields of the type.
function lazily<T>(iterate: () => Iterator<unknown>): Iterable<T> {
  return { [Symbol.iterator]: () => iterate() as Iterator<T> };
}

function rows<T>(found: unknown): readonly T[] {
  return found as readonly T[];
}
