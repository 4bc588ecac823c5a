import { expect } from 'chai';
import { type Libc, loadLibc, pinned } from '#shared/udp/libc.ts';
import { FileCalls } from '../../../../../services/http/file/calls.ts';
import { until } from '../../../../support/until.ts';

const megabyte = 1024 * 1024;

/** libc with a sendfile that writes down who calls it: files with even numbers are in memory. */
function calling(answer: (from: number, length: number) => number = (_from, length) => length) {
  const here: number[] = [];
  const pool: { from: number; length: number; end(): void }[] = [];
  const libc: Libc = {
    ...loadLibc(),
    errno: () => 'EAGAIN',
    cachestat(fd, range, said) {
      const pages = new DataView(range.buffer).getUint32(8, true) / loadLibc().pageSize() + 2;
      new DataView(said.buffer).setUint32(0, fd % 2 === 0 ? Math.ceil(pages) : 0, true);
      return 0;
    },
    preadvNow: () => 1,
    sendfile(_to, from, _offset, length) {
      here.push(from);
      return answer(from, length);
    },
    sendfileInPool(_to, from, _offset, length, done) {
      pool.push({ from, length, end: () => done(null, answer(from, length)) });
    },
    pread: (from, _into, length) => answer(from, length),
    preadInPool(from, _into, length, _at, done) {
      pool.push({ from, length, end: () => done(null, answer(from, length)) });
    },
  };
  const calls = new FileCalls(libc);
  const read = (from: number, length = 1000) => calls.read(from, 0, pinned(length));
  const said: (readonly [from: number, sent: number, why: string | undefined])[] = [];
  const make = (from: number, length = 1000) =>
    calls.send({ to: 0, from, at: 0, length, done: (sent, why) => said.push([from, sent, why]) });
  return { make, read, here, pool, said };
}

const fromOf = ({ from }: { readonly from: number }) => from;

describe('services/http/file/calls.ts', () => {
  it('sends what is in memory from the event loop, in order, but never at once', async () => {
    const { make, here, pool, said } = calling();
    for (const from of [2, 4, 6]) make(from);
    expect(here).to.deep.equal([]);
    await until('all of them', () => said.length === 3);
    expect(here).to.deep.equal([2, 4, 6]);
    expect(pool).to.deep.equal([]);
    expect(said[0]).to.deep.equal([2, 1000, undefined]);
  });

  it('makes one call between two looks for other events, of two megabytes at most', async () => {
    const { make, here, said } = calling();
    for (const from of [2, 4]) make(from, 5 * megabyte);
    await new Promise((resolve) => setImmediate(resolve));
    expect(here).to.deep.equal([2]);
    expect(said).to.deep.equal([[2, 2 * megabyte, undefined]]);
  });

  it('leaves to the pool what may wait for a disk, three at a time, and holds nobody else up for it', async () => {
    const { make, here, pool, said } = calling();
    for (const from of [1, 3, 5, 7, 9, 2]) make(from);
    await until('what is in memory', () => said.length === 1);
    expect(here).to.deep.equal([2]);
    expect(pool.map(fromOf)).to.deep.equal([1, 3, 5]);
    pool[1]?.end();
    await until('the next', () => pool.length === 4);
    expect(pool.map(fromOf)).to.deep.equal([1, 3, 5, 7]);
    for (const each of [0, 2, 3]) pool[each]?.end();
    await until('the last', () => pool.length === 5);
    pool[4]?.end();
    expect(said.map(([from]) => from)).to.deep.equal([2, 3, 1, 5, 7, 9]);
  });

  it('reads at once what is in memory, and else in its turn with all that waits for a disk', async () => {
    const { make, read, pool, said } = calling();
    expect(read(2)).to.equal(1000);
    make(1);
    const reads = [3, 5, 7].map((from) => read(from));
    await until('the first three', () => pool.length > 0);
    expect(pool.map(fromOf)).to.deep.equal([1, 3, 5]);
    pool[1]?.end();
    expect(await reads[0]).to.equal(1000);
    await until('the next', () => pool.length === 4);
    for (const each of [0, 2, 3]) pool[each]?.end();
    expect(await Promise.all(reads)).to.deep.equal([1000, 1000, 1000]);
    expect(said).to.deep.equal([[1, 1000, undefined]]);
  });

  it('leaves to the pool, too, what the event loop cannot keep up with', async () => {
    const { make, here, pool } = calling();
    const all = Array.from({ length: 20 }, (_, at) => 2 * at);
    for (const from of all) make(from);
    await until('the first turn', () => here.length > 0);
    expect(pool.map(fromOf)).to.deep.equal(all.slice(0, 8));
    await until('the rest', () => here.length + pool.length === all.length);
    expect([...pool.map(fromOf), ...here].toSorted((a, b) => a - b)).to.deep.equal(all);
  });

  it('says why nothing was sent, from both', async () => {
    const { make, pool, said } = calling(() => -1);
    make(2);
    make(1);
    await until('one', () => said.length === 1);
    pool[0]?.end();
    expect(said).to.deep.equal([
      [2, -1, 'EAGAIN'],
      [1, -1, 'EAGAIN'],
    ]);
  });
});
