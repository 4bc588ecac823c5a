import type { DatabaseSync } from 'node:sqlite';
import { SmeeError } from '#shared/errors.ts';

/**
 * The steps from an empty file to today's tables, in order. A step that was released is never edited: add another one.
 *
 * `record` holds the encoded Hardware, as it goes over the wire; the other columns are what SQL looks for.
 */
const migrations: readonly string[] = [
  `CREATE TABLE store (
     id       TEXT NOT NULL,
     revision INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE hardware (
     name     TEXT NOT NULL UNIQUE,
     revision INTEGER NOT NULL,
     agent_id TEXT,
     record   BLOB NOT NULL
   ) STRICT;
   CREATE INDEX hardware_agent_id ON hardware (agent_id) WHERE agent_id IS NOT NULL;
   CREATE TABLE claim (
     field TEXT NOT NULL CHECK (field IN ('mac', 'ip')),
     value TEXT NOT NULL,
     name  TEXT NOT NULL REFERENCES hardware (name) ON DELETE CASCADE,
     PRIMARY KEY (field, value)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX claim_name ON claim (name);
   CREATE TABLE change (
     revision INTEGER PRIMARY KEY,
     type     TEXT NOT NULL CHECK (type IN ('ADDED', 'MODIFIED', 'DELETED')),
     name     TEXT NOT NULL,
     record   BLOB NOT NULL,
     at       INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX change_at ON change (at);
   INSERT INTO store (id, revision) VALUES (lower(hex(randomblob(16))), 0);`,
];

/**
 * Brings the tables up to date; each step happens as a whole or not at all.
 * @param steps those of the records, unless it is another database
 * @throws {SmeeError} `newer-database` when a later release has written this file
 */
export function migrate(database: DatabaseSync, steps: readonly string[] = migrations): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(
      'CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL) STRICT',
    );
    const { version } = database
      .prepare('SELECT coalesce(max(version), 0) AS version FROM migration')
      .get() as { version: number };
    if (version > steps.length)
      throw new SmeeError(
        'newer-database',
        `the database has version ${version}, this release knows ${steps.length}: start the release that wrote it`,
      );
    for (const [at, step] of steps.slice(version).entries()) {
      database.exec(step);
      database
        .prepare('INSERT INTO migration (version, applied_at) VALUES (?, ?)')
        .run(version + at + 1, new Date().toISOString());
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
