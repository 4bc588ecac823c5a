import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { bootClient, bootStory, TestReporter, TestWatch } from '../support/boot-events.ts';
import { record, testHardware } from '../support/hardware-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const mac = '52:54:00:77:00:07';
const good = () => bootStory(mac, Date.now() - 60_000).tftp[0]!;

/** What is wrong with an event, each time one thing. */
const bad: Readonly<Record<string, BootEvent>> = {
  'no time': { timeUnixMilli: 0 },
  'a time of tomorrow': { timeUnixMilli: Date.now() + 86_400_000 },
  'an end of next year': { durationMicros: 365 * 86_400 * 1e6 },
  'an end that no number says': { durationMicros: 9.2e18 },
  'no stage': { stage: 'STAGE_UNSPECIFIED' },
  'a stage of a later release': { stage: 99 as unknown as 'DHCP' },
  'no outcome': { outcome: 'OUTCOME_UNSPECIFIED' },
  'a reason that nobody knows': { reason: 'because' },
  'a reason that every object has': { reason: 'constructor' },
  'a MAC in capitals': { machine: { mac: '52:54:00:77:00:AA' } },
  'a MAC that is none': { machine: { mac: "x' OR 1=1 --" } },
  'an address that is none': { machine: { mac, address: '10.0.0.1 or so' } },
  'a trace id that is none': { traceId: 'xyz' },
  'a name too long': { machine: { mac, name: 'n'.repeat(254) } },
  'too many details': { details: Object.fromEntries(Array.from({ length: 49 }, (_, at) => [`d${at}`, ''])) },
  'a detail too long': { details: { file: 'f'.repeat(1025) } },
  'details too long in all': {
    details: Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`d${at}`, 'x'.repeat(1000)])),
  },
  'a detail with a strange name': { details: { '<script>': 'x' } },
  'a detail named as no object should be': {
    details: JSON.parse('{"__proto__x y": "z"}') as Record<string, string>,
  },
};

describe('services/hardware/handlers/boots/report.ts', () => {
  it('refuses a bad event and keeps those around it', async () => {
    await using service = await testHardware();
    using boots = bootClient(service.running.address.port);
    const reporter = new TestReporter(boots, 'tftp');
    for (const wrong of Object.values(bad)) reporter.tell({ ...good(), ...wrong }, good());
    await reporter.end();
    const expected = Object.keys(bad).length;
    await until(
      'the good ones are stored',
      async () => (await boots.list()).summary?.lastEventId === expected,
    );
    const refused = await service.metrics.getSingleMetricAsString('smee_hardware_boot_events_total');
    expect(refused).to.match(new RegExp(`outcome="refused"\\} ${expected}$`, 'm'));
    const lines = service.logLines.filter(({ msg }) => msg === 'an event is not kept');
    expect(lines.length).to.be.within(1, 12);
    expect(JSON.stringify(lines)).not.to.contain('OR 1=1');
  });

  const hello = { service: 'dhcp', instance: 'a' };
  const streams: Readonly<Record<string, readonly [object, string]>> = {
    'that does not say who it is': [{ events: [] }, 'hello is required'],
    'of a service that is none': [{ hello: { ...hello, service: 'hardware' } }, 'hello.service must be'],
    'without an instance': [{ hello: { service: 'dhcp' } }, 'hello.instance must be'],
    'with settings without end': [
      {
        hello: {
          ...hello,
          settings: Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`s${at}`, ''])),
        },
      },
      'hello.settings must have at most 256',
    ],
    'with a fact as long as a book': [
      { hello: { ...hello, facts: { files: 'f'.repeat(70_000) } } },
      'hello.facts must have',
    ],
    'with too many events at once': [
      { hello, events: Array.from({ length: 513 }, good) },
      'events must be at most 512',
    ],
  };
  for (const [what, [message, expected]] of Object.entries(streams)) {
    it(`ends a stream ${what}`, async () => {
      await using service = await testHardware();
      using boots = bootClient(service.running.address.port);
      const { promise, resolve } = Promise.withResolvers<Error | undefined>();
      const stream = boots.openReport(resolve);
      stream.write(message);
      const error = await promise;
      expect(error).to.include({ code: 'invalid-argument' });
      expect(error?.message).to.contain(expected);
    });
  }

  it('asks for the token', async () => {
    await using folder = await temporaryFolder();
    const tokenFile = join(folder.path, 'token');
    await writeFile(tokenFile, 'a-token-of-enough-length', { mode: 0o600 });
    await using service = await testHardware(['--token-file', tokenFile]);
    using boots = bootClient(service.running.address.port);
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    boots.openReport(resolve);
    expect(await promise).to.include({ code: 'unauthenticated' });
    const watch = new TestWatch(boots);
    expect(await watch.ended).to.include({ code: status.UNAUTHENTICATED });
  });

  it('counts what a service had to drop, and who reports', async () => {
    await using service = await testHardware();
    using boots = bootClient(service.running.address.port);
    const reporter = new TestReporter(boots, 'tftp');
    reporter.stream.write({ dropped: 17 });
    const metric = (name: string) => service.metrics.getSingleMetricAsString(name);
    await until('it is counted', async () =>
      /tftp"\} 17/.test(await metric('smee_hardware_boot_events_not_reported_total')),
    );
    expect(await metric('smee_hardware_reporters')).to.match(/reporters 1$/);
    await reporter.end();
    expect(await metric('smee_hardware_reporters')).to.match(/reporters 0$/);
  });

  it('says of the boots of that time that something is missing, also after it was started anew', async () => {
    await using folder = await temporaryFolder();
    const flags = ['--boots-path', join(folder.path, 'boots.db')];
    const begun = Date.now() - 30_000;
    const story = bootStory(mac, begun);
    const another = bootStory('52:54:00:77:00:08', begun - 1_200_000);
    const gap = (seconds: number) => ({
      events: 3,
      fromUnixMilli: begun + seconds * 1000,
      toUnixMilli: begun + seconds * 1000 + 5000,
    });
    const expected = [
      { ...gap(12), events: 6, toUnixMilli: begun + 20_000, service: 'http', instance: 'http-1' },
    ];
    {
      await using service = await testHardware(flags);
      using boots = bootClient(service.running.address.port);
      const reporter = new TestReporter(boots, 'http');
      reporter.tell(...story.dhcp.slice(0, 4), story.http[0]!, ...another.dhcp, ...another.http);
      reporter.stream.write({ gap: gap(12), dropped: 3 });
      reporter.stream.write({ gap: gap(15) });
      // Of a clock that is wrong, and of nothing: no reason to end the stream.
      reporter.stream.write({ gap: { ...gap(0), toUnixMilli: Date.now() + 86_400_000 } });
      reporter.stream.write({ gap: { ...gap(9), fromUnixMilli: begun + 100_000 } });
      reporter.stream.write({ gap: { ...gap(9), events: 0 } });
      reporter.stream.write({ gap: { ...gap(9), events: 2 ** 60 } });
      await reporter.end();
      await until('all is stored', async () => ((await boots.list()).summary?.lastEventId ?? 0) >= 14);
      expect((await boots.get({ machine: mac }))?.gaps).to.deep.equal(expected);
      // It had phoned home before.
      expect((await boots.get({ machine: '52:54:00:77:00:08' }))?.gaps).to.deep.equal([]);
    }
    await using service = await testHardware(flags);
    using boots = bootClient(service.running.address.port);
    expect((await boots.get({ machine: mac }))?.gaps).to.deep.equal(expected);
    expect((await boots.list()).gaps).to.deep.equal(expected);
  });

  it('ends its reporters when it stops, and keeps what they told', async () => {
    await using folder = await temporaryFolder();
    const flags = ['--boots-path', join(folder.path, 'boots.db')];
    {
      await using service = await testHardware(flags);
      using boots = bootClient(service.running.address.port);
      const reporter = new TestReporter(boots, 'tftp');
      reporter.tell(good());
      await until('it is stored', async () => (await boots.list()).summary?.lastEventId === 1);
      reporter.tell(good());
      const watch = new TestWatch(boots);
      await service.running[Symbol.asyncDispose]();
      expect(await reporter.ended).to.include({ code: 'unavailable' });
      expect(await watch.ended).to.include({ code: status.UNAVAILABLE });
    }
    await using service = await testHardware(flags);
    using boots = bootClient(service.running.address.port);
    expect((await boots.list()).summary?.lastEventId).to.be.within(1, 2);
  });
});

describe('services/hardware/handlers/boots/read.ts', () => {
  it('lists page by page, and what is asked for', async () => {
    await using service = await testHardware();
    using boots = bootClient(service.running.address.port);
    await service.client.create(record('known-3', 3));
    const reporter = new TestReporter(boots, 'dhcp');
    const macs = Array.from({ length: 7 }, (_, at) => `52:54:00:77:00:0${at}`);
    const begun = Date.now() - 60_000;
    reporter.tell(...macs.map((one, at) => bootStory(one, begun + at * 1000).dhcp[0]!));
    reporter.tell(...macs.slice(0, 2).map((one, at) => ({ ...bootStory(one, begun + at * 1000).http[3]! })));
    await reporter.end();
    await until('all is stored', async () => (await boots.list()).summary?.lastEventId === 9);

    const seen: string[] = [];
    for (let pageToken = ''; ; ) {
      const page = await boots.list({ pageSize: 3, pageToken });
      seen.push(...page.boots.map(({ machine }) => machine?.mac ?? ''));
      pageToken = page.nextPageToken ?? '';
      if (pageToken === '') break;
    }
    expect(seen.toSorted()).to.deep.equal(macs);
    expect(seen.slice(0, 2)).to.deep.equal([macs[1], macs[0]]);

    const listed = async (request: object) =>
      (await boots.list(request)).boots.map(({ machine }) => machine?.mac);
    expect(await listed({ states: ['BOOTED'], latest: true })).to.deep.equal([macs[1], macs[0]]);
    expect(await listed({ search: 'KNOWN-3' })).to.deep.equal([macs[3]]);
    expect(await listed({ search: '525400770004' })).to.deep.equal([macs[4]]);
    expect(await listed({ search: "%' OR 1=1 --" })).to.deep.equal([]);
    expect(await listed({ strangers: true, latest: true })).to.have.length(6);
    expect((await boots.list()).summary).to.include({ booted: 2, strangers: 6 });
  });

  it('tells machines that nobody knows from those that ought to boot and failed', async () => {
    await using service = await testHardware();
    using boots = bootClient(service.running.address.port);
    await service.client.create(record('known-3', 3));
    const reporter = new TestReporter(boots, 'dhcp');
    const macs = Array.from({ length: 4 }, (_, at) => `52:54:00:77:00:0${at}`);
    const refused = (one: string, reason: string): BootEvent => ({
      ...bootStory(one, Date.now() - 1000).dhcp[0]!,
      outcome: 'NO',
      said: 'silent',
      reason,
    });
    // Without a record a machine may boot all the same, in auto-proxy mode: then it fails as any other.
    const reasons = ['unknown-machine', 'unknown-machine', 'loader-missing', 'netboot-not-allowed'];
    reporter.tell(...macs.map((one, at) => refused(one, reasons[at]!)));
    await reporter.end();
    await until('all is stored', async () => (await boots.list()).summary?.lastEventId === 4);
    const listed = async (request: object) =>
      (await boots.list({ latest: true, states: ['FAILED'], ...request })).boots
        .map(({ machine }) => machine?.mac)
        .toSorted();
    expect(await listed({})).to.deep.equal(macs);
    expect(await listed({ unknown: 'ONLY' })).to.deep.equal(macs.slice(0, 2));
    expect(await listed({ unknown: 'LEFT_OUT' })).to.deep.equal(macs.slice(2));
    expect((await boots.list()).summary).to.include({ failed: 4, unknown: 2, strangers: 3 });

    await service.client.create({
      ...record('known-0', 0),
      interfaces: [
        {
          ...record('x', 9).interfaces?.[0],
          dhcp: { mac: macs[0]!, ip: { address: '10.77.0.10', netmask: '255.255.0.0' } },
        },
      ],
    });
    await until('it has its name', async () => (await boots.list()).summary?.unknown === 1);
    expect(await listed({ unknown: 'ONLY' })).to.deep.equal([macs[1]]);
    await service.client.call('DeleteHardware', { name: 'known-0' });
    await until('it has lost its name', async () => (await boots.list()).summary?.unknown === 2);
    expect(await listed({ unknown: 'LEFT_OUT' })).to.deep.equal(macs.slice(2));
  });

  it('finds a boot by its id, a MAC in any form, a name and an address', async () => {
    await using service = await testHardware();
    using boots = bootClient(service.running.address.port);
    await service.client.create(record('node7', 7));
    const reporter = new TestReporter(boots, 'tftp');
    reporter.tell({ ...good(), machine: { mac, address: '10.99.0.7' } });
    await reporter.end();
    await until('it is stored', async () => (await boots.list()).summary?.lastEventId === 1);
    for (const key of [
      { id: 1 },
      ...[mac, '5254.0077.0007', '52-54-00-77-00-07', 'node7', '10.77.0.7', '10.99.0.7'].map((machine) => ({
        machine,
      })),
    ]) {
      expect((await boots.get(key))?.boot, JSON.stringify(key)).to.include({ id: 1 });
    }
    for (const key of [{ id: 2 }, { machine: 'nobody' }, { machine: '10.1.1.1' }]) {
      expect(await boots.get(key), JSON.stringify(key)).to.equal(undefined);
    }
  });

  for (const [request, field] of [
    [{ pageSize: 1001 }, 'page_size'],
    [{ pageToken: 'x' }, 'page_token'],
    [{ states: ['STATE_UNSPECIFIED'] }, 'states'],
    [{ unknown: 7 }, 'unknown'],
    [{ search: 's'.repeat(254) }, 'search'],
  ] as const) {
    it(`refuses a list with a bad ${field}`, async () => {
      await using service = await testHardware();
      using boots = bootClient(service.running.address.port);
      const error = await boots.list(request as object).catch((failed: unknown) => failed);
      expect(error).to.include({ code: 'invalid-argument' });
      expect(String(error)).to.contain(field);
    });
  }

  it('gives a stranger its name as soon as it has a record', async () => {
    await using service = await testHardware();
    using boots = bootClient(service.running.address.port);
    const reporter = new TestReporter(boots, 'tftp');
    reporter.tell(good());
    await until('it is stored', async () => (await boots.list({ strangers: true })).boots.length === 1);
    const watch = new TestWatch(boots);
    await service.client.create(record('node7', 7));
    await until('it is told', () => watch.boots.get(1)?.machine?.name === 'node7');
    expect((await boots.list()).summary).to.not.have.property('strangers');
    watch.stream.cancel();
  });
});

describe('services/hardware/handlers/boots/watch.ts', () => {
  it('tells of a boot that time alone has changed', async () => {
    await using service = await testHardware();
    using boots = bootClient(service.running.address.port);
    const reporter = new TestReporter(boots, 'dhcp');
    const watch = new TestWatch(boots);
    // It was offered an address twice, the first time nearly ten seconds ago.
    const offer = bootStory(mac, Date.now() - 8500).dhcp[0]!;
    reporter.tell(offer, { ...offer, timeUnixMilli: Number(offer.timeUnixMilli) + 4000 });
    await watch.seen(2);
    expect(watch.boots.get(1)).to.include({ state: 'BOOTING' });
    await until('the silence is told', () => watch.boots.get(1)?.reason === 'offer-unanswered');
    expect(watch.events).to.have.length(2);
    watch.stream.cancel();
  });

  it('tells of one machine only, when asked so', async () => {
    await using service = await testHardware();
    using boots = bootClient(service.running.address.port);
    const reporter = new TestReporter(boots, 'tftp');
    const other = { ...good(), machine: { mac: '52:54:00:77:00:08' } };
    reporter.tell(good(), other, good());
    await until('all is stored', async () => (await boots.list()).summary?.lastEventId === 3);
    const watch = new TestWatch(boots, { machine: '525400770007', afterId: 1 });
    reporter.tell(other, good());
    await watch.seen(2);
    expect(watch.events.map(({ id }) => id)).to.deep.equal([3, 5]);
    expect([...watch.boots.values()].map(({ machine }) => machine?.mac)).to.deep.equal([mac]);
    watch.stream.cancel();
    expect(await new TestWatch(boots, { machine: 'nobody' }).ended).to.include({ code: status.NOT_FOUND });
  });

  it('begins at a time, when asked so', async () => {
    await using service = await testHardware();
    using boots = bootClient(service.running.address.port);
    const reporter = new TestReporter(boots, 'tftp');
    const now = Date.now();
    const times = [300_000, 200_000, 200_000, 100_000, 1000].map((ago) => now - ago);
    reporter.tell(...times.map((timeUnixMilli) => ({ ...good(), timeUnixMilli })));
    await until('all is stored', async () => (await boots.list()).summary?.lastEventId === 5);
    for (const [ago, ids] of [
      [400_000, [1, 2, 3, 4, 5]],
      [200_000, [2, 3, 4, 5]],
      [150_000, [4, 5]],
      [1000, [5]],
    ] as const) {
      const watch = new TestWatch(boots, { sinceUnixMilli: now - ago });
      await watch.seen(ids.length);
      expect(watch.events.map(({ id }) => id)).to.deep.equal(ids);
      watch.stream.cancel();
    }
    const later = new TestWatch(boots, { sinceUnixMilli: now, afterId: 4 });
    await later.seen(1);
    expect(later.events.map(({ id }) => id)).to.deep.equal([5]);
    later.stream.cancel();
    expect(await new TestWatch(boots, { sinceUnixMilli: -1 }).ended).to.include({
      code: status.INVALID_ARGUMENT,
    });
  });

  it('cuts off a watcher that does not read, keeps nothing for it, and lets it come back', async () => {
    await using service = await testHardware([], { watchStall: 200 });
    using boots = bootClient(service.running.address.port);
    const reporter = new TestReporter(boots, 'tftp');
    const watch = new TestWatch(boots);
    reporter.tell(good());
    await until('something is stored', async () => (await boots.list()).summary?.lastEventId === 1);
    reporter.tell(good());
    await until('the watch is open', () => watch.events.length > 0);
    watch.stream.pause();
    const long = {
      ...good(),
      details: Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`d${at}`, 'x'.repeat(1000)])),
    };
    // A client takes sixteen messages before it stops reading.
    let total = 2;
    for (let round = 0; round < 40; round++) {
      reporter.tell(...Array.from({ length: 16 }, () => long));
      total += 16;
      await until('they are stored', async () => (await boots.list()).summary?.lastEventId === total);
    }
    await until('the slow watcher is cut off', () =>
      service.logLines.some(({ msg, code }) => msg === 'watch ends' && code === 'RESOURCE_EXHAUSTED'),
    );
    watch.stream.resume();
    expect(await watch.ended).to.include({ code: status.RESOURCE_EXHAUSTED });
    const last = Number(watch.events.at(-1)?.id ?? 0);
    expect(last).to.be.lessThan(total);
    const again = new TestWatch(boots, { afterId: Math.max(1, last) });
    await again.seen(total - Math.max(1, last));
    const ids = again.events.map(({ id }) => Number(id));
    expect([ids[0], ids.at(-1), new Set(ids).size]).to.deep.equal([Math.max(1, last) + 1, total, ids.length]);
    expect(Math.max(...again.messages.map(({ events }) => events.length))).to.be.at.most(256);
    again.stream.cancel();
  });
});
