/**
 * The steps from an empty file to today's tables of boots, in order. A step that was released is never edited: add another one.
 *
 * `body` holds the encoded BootEvent (without its id and its boot, which are columns) or Boot, as it goes over the wire.
 */
export const bootMigrations: readonly string[] = [
  // AUTOINCREMENT: an id is never given again, also when the newest rows are gone.
  `CREATE TABLE event (
     id   INTEGER PRIMARY KEY AUTOINCREMENT,
     at   INTEGER NOT NULL,
     mac  TEXT NOT NULL,
     boot INTEGER NOT NULL,
     body BLOB NOT NULL
   ) STRICT;
   CREATE INDEX event_boot ON event (boot, at);
   CREATE INDEX event_mac ON event (mac, id);
   CREATE TABLE boot (
     id       INTEGER PRIMARY KEY AUTOINCREMENT,
     mac      TEXT NOT NULL,
     name     TEXT NOT NULL,
     address  TEXT NOT NULL,
     start    INTEGER NOT NULL,
     last     INTEGER NOT NULL,
     state    TEXT NOT NULL CHECK (state IN ('BOOTING', 'BOOTED', 'FAILED', 'HANDED_OVER')),
     open     INTEGER NOT NULL,
     latest   INTEGER NOT NULL,
     change   INTEGER NOT NULL,
     haystack TEXT NOT NULL,
     body     BLOB NOT NULL
   ) STRICT;
   CREATE INDEX boot_mac ON boot (mac, start);
   CREATE INDEX boot_address ON boot (address) WHERE latest = 1;
   CREATE INDEX boot_last ON boot (last, id);
   CREATE INDEX boot_latest ON boot (last, id) WHERE latest = 1;
   CREATE INDEX boot_summary ON boot (state, name = '') WHERE latest = 1;
   CREATE INDEX boot_open ON boot (id) WHERE open = 1;
   CREATE INDEX boot_change ON boot (change);
   CREATE TABLE hello (
     service  TEXT NOT NULL,
     instance TEXT NOT NULL,
     at       INTEGER NOT NULL,
     body     BLOB NOT NULL,
     PRIMARY KEY (service, instance)
   ) STRICT;`,
  // What was told of a fetch while it was under way is replaced by what is told of it next.
  `ALTER TABLE event ADD COLUMN fetch TEXT;
   CREATE INDEX event_fetch ON event (fetch) WHERE fetch IS NOT NULL;`,
  `CREATE TABLE gap (
     id       INTEGER PRIMARY KEY,
     service  TEXT NOT NULL,
     instance TEXT NOT NULL,
     since    INTEGER NOT NULL,
     until    INTEGER NOT NULL,
     events   INTEGER NOT NULL
   ) STRICT;`,
  // The fifth line of a haystack is the reason.
  `ALTER TABLE boot ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0;
   UPDATE boot SET unknown = 1 WHERE name = '' AND instr(haystack, char(10) || 'unknown-machine' || char(10)) > 0;
   DROP INDEX boot_summary;
   CREATE INDEX boot_summary ON boot (state, name = '', unknown) WHERE latest = 1;`,
];
