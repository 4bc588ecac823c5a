import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { UnavailableError } from '#shared/errors.ts';
import { GroupCommit } from '../../../../../services/hardware/store/group-commit.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

async function opened() {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const path = join(folder.path, 'group.db');
  const database = stack.use(new DatabaseSync(path));
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE number (value INTEGER UNIQUE) STRICT');
  const other = stack.use(new DatabaseSync(path, { readOnly: true }));
  const groups: number[] = [];
  const commits = new GroupCommit<number>(database, 100, (written) => groups.push(written.length));
  const insert = database.prepare('INSERT INTO number (value) VALUES (?)');
  const write = (value: number) =>
    commits.run(() => {
      insert.run(value);
      return value;
    });
  /** What is committed, as another connection sees it. */
  const committed = () =>
    other
      .prepare('SELECT value FROM number ORDER BY value')
      .all()
      .map(({ value }) => value);
  const all = stack.move();
  return { write, groups, committed, database, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

describe('services/hardware/store/group-commit.ts', () => {
  it('commits together what comes together, and acknowledges it only then', async () => {
    await using at = await opened();
    const writing = [1, 2, 3].map(async (value) => {
      await at.write(value);
      return at.committed();
    });
    expect(at.committed()).to.deep.equal([]);
    expect(await Promise.all(writing)).to.deep.equal([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(at.groups).to.deep.equal([3]);
  });

  it('gathers what comes one by one after several have come at once', async () => {
    await using at = await opened();
    await Promise.all([at.write(1), at.write(2)]);
    const third = at.write(3);
    await nextTurn();
    await Promise.all([third, at.write(4)]);
    expect(at.groups).to.deep.equal([2, 2]);
  });

  it('lets nobody wait who writes one after the other', async () => {
    await using at = await opened();
    for (const value of [1, 2, 3]) {
      void at.write(value);
      // Turns of the event loop, no time.
      for (let turn = 0; turn < 3; turn++) await nextTurn();
      expect(at.committed()).to.include(value);
    }
    expect(at.groups).to.deep.equal([1, 1, 1]);
  });

  it('fails only the write that fails', async () => {
    await using at = await opened();
    await at.write(2);
    const settled = await Promise.allSettled([1, 2, 3].map(at.write));
    expect(settled.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
    expect(settled[1]).to.have.property('reason').that.is.instanceOf(UnavailableError);
    expect(at.committed()).to.deep.equal([1, 2, 3]);
  });

  it('bounds a group, keeps the order, and loses none of a thousand', async () => {
    await using at = await opened();
    const values = Array.from({ length: 1000 }, (_, value) => value);
    const done: number[] = [];
    await Promise.all(values.map(async (value) => done.push(await at.write(value))));
    expect(done).to.deep.equal(values);
    expect(Math.max(...at.groups)).to.be.at.most(128);
    expect(at.committed()).to.deep.equal(values);
  });

  it('takes writes again after one that failed', async () => {
    await using at = await opened();
    at.database.exec('BEGIN IMMEDIATE');
    const failed = await at.write(1).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(UnavailableError);
    if (at.database.isTransaction) at.database.exec('ROLLBACK');
    expect(await at.write(2)).to.equal(2);
    expect(at.committed()).to.deep.equal([2]);
  });
});
