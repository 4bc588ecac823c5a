import { join } from 'node:path';
import { expect } from 'chai';
import { Beat } from '../../../../services/hardware/beat.ts';
import { Feed } from '../../../../services/hardware/feed.ts';
import { openSqlite } from '../../../../services/hardware/store/sqlite.ts';
import { throughTheWire } from '../../../support/contract.ts';
import { record } from '../../../support/hardware-server.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { until } from '../../../support/until.ts';

async function feedOf(records: number, history = {}) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const store = stack.use(openSqlite(join(folder.path, 'smee.db'), history));
  const create = (index: number, other?: object) =>
    store.writer?.create(throughTheWire(record(`n${index}`, index, other === undefined ? {} : { other })));
  await Promise.all(Array.from({ length: records }, (_, index) => create(index)));
  const feed = stack.use(new Feed(store));
  const all = stack.move();
  return { store, feed, create, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

describe('services/hardware/feed.ts', () => {
  it('encodes a snapshot once for all who read it, and joins to it who comes a little later', async () => {
    await using at = await feedOf(300);
    const first = at.feed.snapshot();
    const batch = first.next(0);
    await at.create(300);
    {
      using second = at.feed.snapshot();
      expect(second.revision).to.equal(300);
      expect(second.next(0)).to.equal(batch);
      const rest = second.next(batch?.upTo ?? 0);
      expect(rest).to.include({ full: false });
      expect(first.next(batch?.upTo ?? 0)).to.equal(rest);
      expect(second.next(rest?.upTo ?? 0)).to.equal(undefined);
    }
    // The first one still reads, and finds what the second one left.
    expect(first.next(0)).to.equal(batch);
    first[Symbol.dispose]();
    using later = at.feed.snapshot();
    expect(later.revision).to.equal(301);
  });

  it('keeps no more bytes of changes than its bound, however large the records are', async () => {
    await using at = await feedOf(0);
    const other = { fields: { x: { stringValue: 'x'.repeat(900_000) } } };
    for (let index = 0; index < 45; index++) await at.create(index, other);
    const first = at.feed.next(0);
    for (let after = 0; after < 45; ) after = at.feed.next(after)?.upTo ?? Number.POSITIVE_INFINITY;
    expect(at.feed.next(40)).to.equal(at.feed.next(40));
    const again = at.feed.next(0);
    expect(again).to.not.equal(first);
    expect(again).to.deep.equal(first);
  });

  it('keeps no more than its bound for those behind, who read it again', async () => {
    await using at = await feedOf(0);
    const other = { fields: { x: { stringValue: 'x'.repeat(900_000) } } };
    for (let index = 0; index < 45; index++) await at.create(index, other);
    using snapshot = at.feed.snapshot();
    const first = snapshot.next(0);
    for (let place = 0; ; ) {
      const batch = snapshot.next(place);
      if (batch === undefined) break;
      place = batch.upTo;
    }
    const again = snapshot.next(0);
    expect(again).to.not.equal(first);
    expect(again).to.deep.equal(first);
  });

  it('knows what is forgotten, and what is kept for those behind though the store has forgotten it', async () => {
    await using at = await feedOf(3, { changes: 10 });
    const batch = at.feed.next(0);
    for (let index = 3; index < 300; index++) await at.create(index);
    expect(at.store.oldest).to.be.greaterThan(3);
    expect(at.feed.hasForgotten(at.store.oldest)).to.equal(false);
    expect(at.feed.hasForgotten(at.store.oldest - 1)).to.equal(true);
    expect(at.feed.hasForgotten(0)).to.equal(false);
    expect(at.feed.next(0)).to.equal(batch);
  });

  it('sends a change to all who are at the same revision as the same bytes', async () => {
    await using at = await feedOf(3);
    const batch = at.feed.next(1);
    expect(batch).to.include({ upTo: 3, full: false });
    expect(at.feed.next(1)).to.equal(batch);
    expect(at.feed.next(3)).to.equal(undefined);
  });

  it('calls whoever waits for news that has come already', async () => {
    await using at = await feedOf(2);
    await new Promise<void>((resolve) => at.feed.onNews(1, resolve));
    let called = 0;
    const end = at.feed.onNews(2, () => called++);
    expect(called).to.equal(0);
    await at.create(2);
    const waiting = new Promise<void>((resolve) => at.feed.onNews(2, resolve));
    await waiting;
    expect(called).to.be.greaterThan(0);
    end();
  });
});

describe('services/hardware/beat.ts', () => {
  it('beats at once after a rest, then together for all that comes within its time', async () => {
    using beat = new Beat({ calm: 30, busy: 60 });
    let beats = 0;
    const next = () => new Promise<void>((resolve) => beat.listen(resolve));
    beat.listen(() => beats++);
    beat.changed();
    expect(beats).to.equal(1);
    for (const least of [30, 60]) {
      const begun = performance.now();
      const beaten = next();
      for (let changes = 0; changes < 100; changes++) beat.changed();
      await beaten;
      expect(performance.now() - begun).to.be.at.least(least - 5);
    }
    expect(beats).to.equal(3);
  });

  it('does not take reminders of a change for more changes', async () => {
    using beat = new Beat({ calm: 0, busy: 60_000 });
    let beats = 0;
    beat.listen(() => beats++);
    beat.changed();
    for (let times = 0; times < 5; times++) beat.remind();
    await until('another beat', () => beats > 1);
    const before = beats;
    beat.changed();
    await until('a beat for the next change', () => beats > before);
  });
});
