import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { openSqlite } from '../../services/hardware/store/sqlite.ts';
import { throughTheWire } from '../support/contract.ts';
import { record, type TestClient, testHardware, type Watch } from '../support/hardware-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const seen = (watch: Watch, revision: number) => watch.until((event) => event.revision === revision);
const where = ({ storeId }: Watch, sinceRevision: number) => ({ storeId, sinceRevision });

async function createMany(client: TestClient, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at++) await client.create(record(`n${String(at).padStart(4, '0')}`, at));
}

describe('services/hardware/handlers/watch.ts', () => {
  it('begins with what is there, marks its end, and goes on with every change', async () => {
    await using service = await testHardware();
    const { client } = service;
    await client.create(record('a', 1));
    await client.create(record('b', 2));
    const watch = client.watch();
    expect(await watch.synced()).to.include({ revision: 2 });
    await client.call('ApplyHardware', { hardware: record('b', 3) });
    await client.call('ApplyHardware', { hardware: record('b', 3) });
    await client.create(record('c', 4));
    await client.call('DeleteHardware', { name: 'a' });
    const deleted = await seen(watch, 5);
    expect(deleted.hardware).to.deep.equal({ name: 'a', revision: 5, interfaces: [] });
    expect(watch.story).to.deep.equal(['ADDED a', 'ADDED b', 'SYNCED', 'MODIFIED b', 'ADDED c', 'DELETED a']);
    expect(watch.events.map(({ revision }) => revision)).to.deep.equal([1, 2, 2, 3, 4, 5]);
    expect(watch.storeId).to.have.length.greaterThan(8);
  });

  it('tells an empty store, too, that it is in sync', async () => {
    await using service = await testHardware();
    const watch = service.client.watch();
    await watch.synced();
    expect(watch.story).to.deep.equal(['SYNCED']);
  });

  it('sends a snapshot in batches of 256', async () => {
    await using service = await testHardware();
    await createMany(service.client, 0, 600);
    const watch = service.client.watch();
    await watch.synced();
    expect(watch.messages.map(({ events }) => events.length)).to.deep.equal([256, 256, 88, 1]);
  });

  it('resumes with what was missed, deletions included, and nothing twice', async () => {
    await using service = await testHardware();
    const { client } = service;
    await createMany(client, 0, 3);
    const before = client.watch();
    await before.synced();
    before.stream.cancel();
    await before.ended;
    await client.call('DeleteHardware', { name: 'n0001' });
    await client.create(record('late', 9));
    const after = client.watch(where(before, 3));
    expect(await after.synced()).to.include({ revision: 5 });
    expect(after.story).to.deep.equal(['DELETED n0001', 'ADDED late', 'SYNCED']);
  });

  it('misses nothing and repeats nothing while others write without a pause', async () => {
    await using service = await testHardware();
    const { client } = service;
    const total = 400;
    const writing = createMany(client, 0, total);
    const revisions: number[] = [];
    let from = {};
    for (let round = 0; (revisions.at(-1) ?? 0) < total; round++) {
      const watch = client.watch(from);
      // The first rounds leave after a few messages; the snapshot of the first comes in the order in which the records were made.
      const enough = () => round < 20 && watch.messages.length > 3;
      await watch.synced();
      while (!enough() && (watch.events.at(-1)?.revision ?? 0) < total) await once(watch.stream, 'events');
      watch.stream.cancel();
      await watch.ended;
      const changes = watch.events
        .filter(({ type }) => type !== 'SYNCED')
        .map(({ revision }) => revision ?? 0);
      revisions.push(...changes);
      from = where(watch, revisions.at(-1) ?? 0);
    }
    await writing;
    expect(revisions).to.deep.equal(Array.from({ length: total }, (_, at) => at + 1));
  });

  it('tells two watchers the same', async () => {
    await using service = await testHardware();
    const { client } = service;
    const watches = [client.watch(), client.watch()] as const;
    for (const watch of watches) await watch.synced();
    await createMany(client, 0, 50);
    for (const watch of watches) await seen(watch, 50);
    expect(watches[0].events).to.deep.equal(watches[1].events);
    expect(watches[0].events).to.have.length(51);
  });

  it('lets nobody resume in another store', async () => {
    await using service = await testHardware();
    await service.client.create(record('a', 1));
    const error = await service.client.watch({ storeId: 'another', sinceRevision: 1 }).ended;
    expect(error.code).to.equal(status.OUT_OF_RANGE);
    expect(error.details).to.contain('since_revision 0');
    const unnamed = await service.client.watch({ sinceRevision: 1 }).ended;
    expect(unnamed.code).to.equal(status.INVALID_ARGUMENT);
  });

  it('lets nobody resume ahead of the store', async () => {
    await using service = await testHardware();
    await service.client.create(record('a', 1));
    const watch = service.client.watch();
    await watch.synced();
    const error = await service.client.watch(where(watch, 2)).ended;
    expect(error.code).to.equal(status.OUT_OF_RANGE);
  });

  it('lets nobody resume from before the kept history, and everybody from within', async () => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/pruned.db`;
    {
      using store = openSqlite(path, { changes: 5 });
      for (let at = 0; at < 300; at++) await store.writer?.create(throughTheWire(record(`n${at}`, at)));
    }
    using pruned = openSqlite(path);
    const { oldest } = pruned;
    expect(oldest).to.be.greaterThan(0);
    await using service = await testHardware(['--sqlite-path', path]);
    const { client } = service;
    const at = (sinceRevision: number) => client.watch({ storeId: pruned.id, sinceRevision });
    expect(await at(oldest - 1).ended).to.include({ code: status.OUT_OF_RANGE });
    const within = at(oldest);
    await within.synced();
    expect(within.events).to.have.length(300 - oldest + 1);
  });

  it('cuts off a watcher that does not read, keeps nothing for it, and lets it resume', async () => {
    await using service = await testHardware([], { watchStall: 200 });
    const { client, logLines } = service;
    const other = { fields: { x: { stringValue: 'x'.repeat(200_000) } } };
    const watch = client.watch();
    await watch.synced();
    watch.stream.pause();
    for (let at = 0; at < 30; at++) await client.create(record(`n${at}`, at, { other }));
    await until('the slow watcher is cut off', () =>
      logLines.some(({ msg, code }) => msg === 'watch ends' && code === 'RESOURCE_EXHAUSTED'),
    );
    watch.stream.resume();
    expect(await watch.ended).to.include({ code: status.RESOURCE_EXHAUSTED });
    const last = watch.events.at(-1)?.revision ?? 0;
    expect(last).to.be.lessThan(30);
    const resumed = client.watch(where(watch, last));
    await resumed.synced();
    expect(resumed.events.map(({ revision }) => revision)).to.deep.equal([
      ...Array.from({ length: 30 - last }, (_, at) => last + 1 + at),
      30,
    ]);
  });

  it('forgets a watcher that leaves', async () => {
    await using service = await testHardware();
    const watch = service.client.watch();
    await watch.synced();
    watch.stream.cancel();
    await until('the watch ends', () => service.logLines.some(({ msg }) => msg === 'watch ends'));
    expect(await service.metrics.getSingleMetricAsString('smee_hardware_watchers')).to.match(/watchers 0$/);
  });

  it('ends its watchers with UNAVAILABLE when it stops', async () => {
    const service = await testHardware();
    const watch = service.client.watch();
    await watch.synced();
    const stopped = service.running[Symbol.asyncDispose]();
    expect(await watch.ended).to.include({ code: status.UNAVAILABLE });
    await stopped;
    await service[Symbol.asyncDispose]();
  });
});
