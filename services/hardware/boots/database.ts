import { renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { migrate } from '../store/schema.ts';
import { openDatabase } from '../store/sqlite.ts';
import { bootMigrations } from './schema.ts';

/** How long a write waits for another program that writes, in milliseconds; then its events are lost, and counted. */
const lockPatience = 50;

/**
 * The database of boots. What it holds helps people and is no machine's fate: a file that is damaged is set aside as
 * `….damaged`, and where none can be opened, the boots are kept in memory. The service starts in any case.
 */
export function openBootDatabase(path: string, log: Log): DatabaseSync {
  try {
    return open(path);
  } catch (error) {
    if (isDamaged(error)) {
      const aside = `${resolve(path)}.damaged`;
      log.error(
        { file: path, aside, error: messageOf(error) },
        'the boots cannot be read: set aside, and begun anew',
      );
      try {
        setAside(resolve(path), aside);
        return open(path);
      } catch (again) {
        log.error({ file: path, error: messageOf(again) }, 'the boots cannot be kept in a file');
      }
    } else log.error({ file: path, error: messageOf(error) }, 'the boots cannot be kept in a file');
    return prepared(new DatabaseSync(':memory:'));
  }
}

function open(path: string): DatabaseSync {
  const database = openDatabase(path, bootMigrations);
  try {
    // The last moments may be lost with the machine's power, never what was committed when only the process ends.
    database.exec('PRAGMA synchronous = NORMAL');
    // Whoever waits for another program's lock keeps the records waiting, too, and they matter more than events.
    database.exec(`PRAGMA busy_timeout = ${lockPatience}`);
    // Damage of a table shows when it is read.
    database.exec('SELECT max(id) FROM event; SELECT max(id) FROM boot; SELECT count(*) FROM hello');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepared(database: DatabaseSync): DatabaseSync {
  migrate(database, bootMigrations);
  return database;
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
function isDamaged(error: unknown): boolean {
  const causes = [error, error instanceof Error ? error.cause : undefined];
  return causes.some((one) => {
    const code = one instanceof Error && 'errcode' in one ? Number(one.errcode) & 0xff : 0;
    return code === 11 || code === 26;
  });
}

function setAside(file: string, aside: string): void {
  for (const companion of ['-wal', '-shm']) rmSync(`${file}${companion}`, { force: true });
  renameSync(file, aside);
}
