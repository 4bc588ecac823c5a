import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf, SmeeError } from '#shared/errors.ts';
import { migrate } from './schema.ts';
import { sqliteReader } from './sqlite-reader.ts';
import { defaultHistory, type History } from './sqlite-rows.ts';
import { sqliteWriter } from './sqlite-writer.ts';
import type { Store } from './store.ts';

/** How often to look whether another process has written into the file, in milliseconds. */
const othersEvery = 1000;

/** How long a write waits for another program that writes, in milliseconds: other calls are answered meanwhile. */
const lockPatience = 5000;

/**
 * The records in one SQLite file: write-ahead log, and a write is on the disk (synchronous=FULL) before it is acknowledged.
 * The file and its companions are readable by their owner only, since records hold secrets. Several stores may stand on one
 * file (another process, too): each sees the others' changes at its next read, and is told of them within a second.
 *
 * @param path made with its folder when it is not there
 * @throws {SmeeError} `store` when the file cannot be opened, `newer-database` when a later release wrote it
 */
export function openSqlite(path: string, history: Partial<History> = {}, patience = lockPatience): Store {
  const file = resolve(path);
  const database = openDatabase(path);
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const { reader, writer } = orClose(database, path, () => {
    const halves = {
      reader: sqliteReader(database, () => openReader(file)),
      writer: sqliteWriter(database, { ...defaultHistory, ...history }, patience, changed),
    };
    // From here on SQLite itself waits for no lock, for with it everything would wait. Readers of a write-ahead log need none.
    database.exec('PRAGMA busy_timeout = 0');
    return halves;
  });
  const poll = setInterval(othersWrote(database, changed), othersEvery).unref();
  return {
    id: reader.id,
    get revision() {
      return reader.revision();
    },
    get oldest() {
      return reader.oldest();
    },
    get size() {
      return reader.size();
    },
    find: reader.find,
    list: reader.list,
    changes: reader.changes,
    snapshot: reader.snapshot,
    problems: 0,
    reports: [],
    writer,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    [Symbol.dispose]: () => {
      clearInterval(poll);
      database.close();
    },
  };
}

/** One connection, its tables up to date by `steps`; for what is thrown see {@link openSqlite}. */
export function openDatabase(path: string, steps?: readonly string[]): DatabaseSync {
  const file = resolve(path);
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // SQLite gives its companion files (-wal, -shm) the mode of the database file.
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    database = new DatabaseSync(file, { timeout: 5000 });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    migrate(database, steps);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof SmeeError) throw error;
    throw cannotOpen(path, error);
  }
}

/** Damage may show only when the tables are read. */
function orClose<T>(database: DatabaseSync, path: string, prepare: () => T): T {
  try {
    return prepare();
  } catch (error) {
    database.close();
    throw cannotOpen(path, error);
  }
}

function cannotOpen(path: string, cause: unknown): SmeeError {
  return new SmeeError('store', `cannot open the hardware database ${path}: ${messageOf(cause)}`, { cause });
}

/** Calls back when another connection has committed since the last look. */
function othersWrote(database: DatabaseSync, changed: () => void): () => void {
  const version = database.prepare('PRAGMA data_version');
  const read = () => version.get()?.data_version;
  let seen = read();
  return () => {
    try {
      const now = read();
      if (now !== seen) changed();
      seen = now;
    } catch {
      // A file that cannot be read: /readyz says so, and every call that reads it.
    }
  };
}

function openReader(file: string): DatabaseSync {
  return new DatabaseSync(file, { readOnly: true });
}
