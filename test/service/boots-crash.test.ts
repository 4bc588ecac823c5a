import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { bootClient, bootStory, TestReporter, TestWatch } from '../support/boot-events.ts';
import { spawnHardware } from '../support/hardware-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

describe('services/hardware/boots', () => {
  it('loses nothing that it has told anybody of when it is killed, and the others by no more than a moment', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'smee.db');
    const event = bootStory('52:54:00:77:00:07', Date.now() - 60_000).tftp[0]!;
    let told = 0;
    let seen = 0;
    {
      using hardware = await spawnHardware(path);
      const { child, port } = hardware;
      using boots = bootClient(port);
      const watch = new TestWatch(boots);
      const replicas = ['one', 'two'].map((name) => new TestReporter(boots, 'tftp', { instance: name }));
      const exited = once(child, 'exit');
      await until('three hundred are seen', () => {
        for (const replica of replicas) replica.tell(event);
        told += replicas.length;
        return watch.events.length >= 300;
      });
      child.kill('SIGKILL');
      await exited;
      await watch.ended;
      seen = Math.max(...watch.events.map(({ id }) => Number(id)));
    }
    using hardware = await spawnHardware(path);
    const { child, port } = hardware;
    using boots = bootClient(port);
    const kept = (await boots.list()).summary?.lastEventId;
    expect(kept).to.be.within(seen, told);
    const { boots: all } = await boots.list();
    expect(all).to.have.length(1);
    expect(all[0]).to.include({ events: kept });
    const found = await boots.get({ id: all[0]!.id! });
    expect(new Set(found?.events.map(({ instance }) => instance))).to.deep.equal(new Set(['one', 'two']));
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  });
});
