import { join } from 'node:path';
import { expect } from 'chai';
import { bootClient, bootStory, TestReporter, TestWatch } from '../support/boot-events.ts';
import { record, testHardware } from '../support/hardware-server.ts';
import { ReflectionClient } from '../support/reflection.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const mac = '52:54:00:77:00:07';
const minuteAgo = () => Date.now() - 60_000;

describe('services/hardware/boot-service.ts', () => {
  it('puts together what three services tell, in whichever order it comes', async () => {
    await using service = await testHardware();
    await service.client.create(record('node7', 7));
    using boots = bootClient(service.running.address.port);
    const story = bootStory(mac, minuteAgo());
    for (const name of ['http', 'tftp', 'dhcp'] as const) {
      const reporter = new TestReporter(boots, name);
      reporter.tell(...story[name].toReversed());
      await reporter.end();
    }
    await until('all is stored', async () => (await boots.list()).summary?.lastEventId === 10);
    const { boots: all, summary } = await boots.list();
    expect(all).to.have.length(1);
    expect(all[0]).to.include({
      state: 'BOOTED',
      reason: 'ok',
      stage: 'OS',
      arch: 'x86_64-efi',
      client: 'PXE firmware',
      events: 10,
    });
    expect(all[0]?.machine).to.include({ mac, name: 'node7' });
    expect(all[0]?.stages.map(({ stage }) => stage)).to.deep.equal(['DHCP', 'TFTP', 'HTTP', 'OS']);
    expect(summary).to.include({ booted: 1, lastEventId: 10 });
    const found = await boots.get({ machine: 'node7' });
    expect(found?.events.map(({ said }) => said)).to.deep.equal([
      'OFFER',
      'ACK',
      'DATA',
      'OFFER',
      'ACK',
      'script',
      'artifact',
      'artifact',
      'ACK',
      'phone-home',
    ]);
    expect(new Set(found?.events.map(({ bootId }) => bootId))).to.deep.equal(new Set([all[0]?.id]));
  });

  it('tells a watcher what it missed, and then each event with the boot that it changed', async () => {
    await using service = await testHardware();
    using boots = bootClient(service.running.address.port);
    const story = bootStory(mac, minuteAgo());
    const dhcp = new TestReporter(boots, 'dhcp');
    dhcp.tell(...story.dhcp.slice(0, 2));
    await until('two are stored', async () => (await boots.list()).summary?.lastEventId === 2);
    const watch = new TestWatch(boots, { afterId: 1 });
    await watch.seen(1);
    const tftp = new TestReporter(boots, 'tftp');
    tftp.tell(...story.tftp);
    await watch.seen(2);
    expect(watch.events.map(({ id, service: who }) => [id, who])).to.deep.equal([
      [2, 'dhcp'],
      [3, 'tftp'],
    ]);
    expect(watch.boots.get(1)).to.include({ stage: 'TFTP', events: 3 });
    watch.stream.cancel();
  });

  it('keeps boots and their ids over a restart', async () => {
    await using folder = await temporaryFolder();
    const flags = ['--boots-path', join(folder.path, 'boots.db')];
    const story = bootStory(mac, minuteAgo());
    {
      await using service = await testHardware(flags);
      using boots = bootClient(service.running.address.port);
      const dhcp = new TestReporter(boots, 'dhcp');
      dhcp.tell(...story.dhcp);
      await dhcp.end();
    }
    await using service = await testHardware(flags);
    using boots = bootClient(service.running.address.port);
    const http = new TestReporter(boots, 'http');
    http.tell(...story.http);
    await http.end();
    await until('it is booted', async () => (await boots.list()).boots[0]?.state === 'BOOTED');
    const { boots: all } = await boots.list();
    expect(all.map(({ id, events }) => ({ id, events }))).to.deep.equal([{ id: 1, events: 9 }]);
  });

  it('is told of by reflection', async () => {
    await using service = await testHardware();
    using reflection = new ReflectionClient(service.running.address.port, 'v1');
    expect(await reflection.services()).to.include('smee.boot.v1.BootService');
  });
});
