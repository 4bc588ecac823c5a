import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mock } from 'node:test';
import { expect } from 'chai';
import { UnavailableError } from '#shared/errors.ts';
import { openSqlite } from '../../../../../services/hardware/store/sqlite.ts';
import { throughTheWire } from '../../../../support/contract.ts';
import { record } from '../../../../support/hardware-server.ts';
import { type OpenWith, readableStore, writableStore } from '../../../../support/store-suite.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const openWith: OpenWith = async (records) => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const store = stack.use(openSqlite(join(folder.path, 'smee.db')));
  for (const one of records) await store.writer?.create(throughTheWire(one));
  const all = stack.move();
  return { store, [Symbol.asyncDispose]: () => all.disposeAsync() };
};

const hardware = (name: string, index: number) => throughTheWire(record(name, index));

describe('services/hardware/store/sqlite.ts', () => {
  readableStore(openWith);
  writableStore(openWith);

  it('makes its folder and files for their owner only', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'data', 'smee.db');
    using store = openSqlite(path);
    await store.writer?.create(hardware('a', 1));
    const files = readdirSync(join(folder.path, 'data'));
    expect(files).to.include.members(['smee.db', 'smee.db-wal']);
    for (const file of files)
      expect(statSync(join(folder.path, 'data', file)).mode & 0o777, file).to.equal(0o600);
    expect(statSync(join(folder.path, 'data')).mode & 0o077).to.equal(0);
  });

  it('is the same store, with its records, revisions and history, when it is opened again', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'smee.db');
    const first = openSqlite(path);
    await first.writer?.create(hardware('a', 1));
    await first.writer?.delete('a', 0);
    first[Symbol.dispose]();
    using second = openSqlite(path);
    expect(second).to.include({ id: first.id, revision: 2, oldest: 0, size: 0 });
    expect([...second.changes(0)]).to.have.length(2);
  });

  it('writes ahead and waits for the disk', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'smee.db');
    using _store = openSqlite(path);
    const database = new DatabaseSync(path);
    expect(database.prepare('PRAGMA journal_mode').get()).to.include({ journal_mode: 'wal' });
    database.close();
  });

  describe('beside another program that writes', () => {
    it('waits for its turn, and holds nobody up meanwhile', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'smee.db');
      using store = openSqlite(path);
      using other = new DatabaseSync(path);
      other.exec('BEGIN IMMEDIATE');
      const began = performance.now();
      const writing = [1, 2, 3].map((index) => store.writer?.create(hardware(`m${index}`, index)));
      expect(store.find({ field: 'name', value: 'm1' })).to.deep.equal([]);
      expect(performance.now() - began).to.be.lessThan(1000);
      other.exec('COMMIT');
      const written = await Promise.all(writing);
      expect(written.map((one) => one?.outcome)).to.deep.equal(['created', 'created', 'created']);
    });

    it('gives up when that lasts, and has written nothing', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'smee.db');
      using store = openSqlite(path, {}, 100);
      using other = new DatabaseSync(path);
      other.exec('BEGIN IMMEDIATE');
      const refused = await store.writer?.create(hardware('a', 1)).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(UnavailableError);
      expect(refused).to.have.property(
        'message',
        'the hardware database cannot be written: database is locked',
      );
      expect(store.size).to.equal(0);
    });
  });

  describe('with a file that was damaged under it', () => {
    async function damaged() {
      await using stack = new AsyncDisposableStack();
      const folder = stack.use(await temporaryFolder());
      const path = join(folder.path, 'smee.db');
      const store = stack.use(openSqlite(path));
      const other = stack.use(openSqlite(path));
      await other.writer?.create(hardware('a', 1));
      const wal = openSync(`${path}-wal`, 'r+');
      writeSync(wal, Buffer.alloc(statSync(`${path}-wal`).size - 32, 0xff), 0, undefined, 32);
      closeSync(wal);
      expect(() => store.revision).to.throw();
      const all = stack.move();
      return { store, [Symbol.asyncDispose]: () => all.disposeAsync() };
    }

    it('lives on when it looks for changes of others', async () => {
      mock.timers.enable({ apis: ['setInterval'] });
      try {
        await using _ = await damaged();
        mock.timers.tick(1000);
      } finally {
        mock.timers.reset();
      }
    });

    it('keeps no connection of a snapshot that failed', async () => {
      await using found = await damaged();
      const open = () => readdirSync('/proc/self/fd').length;
      const before = open();
      for (let times = 0; times < 10; times++) expect(() => found.store.snapshot()).to.throw();
      // SQLite keeps one descriptor, for the locks of the connections that are left.
      expect(open()).to.be.at.most(before + 1);
    });
  });

  it('forgets changes beyond its bound, oldest first, and says since when it remembers', async () => {
    await using folder = await temporaryFolder();
    using store = openSqlite(join(folder.path, 'smee.db'), { changes: 10 });
    for (let index = 1; index <= 600; index++) await store.writer?.create(hardware(`n${index}`, index));
    expect(store.oldest).to.be.within(600 - 10 - 257, 590);
    expect([...store.changes(store.oldest)][0]?.revision).to.equal(store.oldest + 1);
    expect([...store.changes(store.oldest)]).to.have.length(600 - store.oldest);
    expect(store.size).to.equal(600);
  });

  it('forgets changes that are older than its time, and nobody who is up to date minds', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'smee.db');
    let now = 0;
    const yesterday = openSqlite(path, { now: () => now });
    await yesterday.writer?.create(hardware('a', 1));
    yesterday[Symbol.dispose]();
    now = 24 * 3_600_000 + 1;
    using today = openSqlite(path, { now: () => now });
    expect(today).to.include({ revision: 1, oldest: 1 });
  });

  it('refuses a file that a later release wrote, and leaves it as it is', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'smee.db');
    openSqlite(path)[Symbol.dispose]();
    const database = new DatabaseSync(path);
    database.exec("INSERT INTO migration VALUES (99, '')");
    database.close();
    expect(() => openSqlite(path))
      .to.throw(/version 99/)
      .with.property('code', 'newer-database');
  });

  it('says which file is no database', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'smee.db');
    writeFileSync(
      path,
      'this is a text, and long enough to be taken for a header of a database file by nobody at all',
    );
    expect(() => openSqlite(path))
      .to.throw(path)
      .with.property('code', 'store');
  });

  it('says which file is damaged behind an intact beginning', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'smee.db');
    openSqlite(path)[Symbol.dispose]();
    const bytes = readFileSync(path);
    writeFileSync(
      path,
      bytes.map((byte, at) => (at > 4096 ? 255 - byte : byte)),
    );
    expect(() => openSqlite(path))
      .to.throw(path)
      .with.property('code', 'store');
  });

  it('says which file lacks its tables', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'smee.db');
    openSqlite(path)[Symbol.dispose]();
    const database = new DatabaseSync(path);
    database.exec('DROP TABLE change');
    database.close();
    expect(() => openSqlite(path))
      .to.throw(path)
      .with.property('code', 'store');
  });

  it('sees what another process wrote into the same file', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'smee.db');
    using one = openSqlite(path);
    using other = openSqlite(path);
    await other.writer?.create(hardware('a', 1));
    expect(one).to.include({ revision: 1, size: 1 });
    expect(await one.writer?.create(hardware('b', 1))).to.have.property('outcome', 'taken');
  });

  it('is told of what another process writes', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'smee.db');
    using one = openSqlite(path);
    using other = openSqlite(path);
    const told = new Promise<void>((resolve) => one.onChange(resolve));
    await other.writer?.create(hardware('a', 1));
    await told;
    expect([...one.changes(0)]).to.have.length(1);
  });
});
