import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import type { BootEvent } from '#shared/events/event.ts';
import { startReporter } from '#shared/events/reporter.ts';
import type { ReportSettings } from '#shared/events/settings.ts';
import { logSink } from '../support/log-sink.ts';
import { replicaSettingsFor } from '../support/replica.ts';
import { ReportSink } from '../support/report-sink.ts';
import { hangingServer } from '../support/scripted-hardware.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const event = (said: string): BootEvent => ({
  at: Date.now(),
  mac: '52:54:00:77:00:07',
  name: 'node07',
  stage: 'dhcp',
  outcome: 'yes',
  why: 'ok',
  said,
  details: { type: 'DISCOVER' },
  ms: 0.1,
});

/** A reporter that tries again quickly, with all that it says. */
function quick(settings: Partial<ReportSettings> & Pick<ReportSettings, 'hardwareAddr'>, mayWait?: number) {
  const registry = new Registry();
  const sink = logSink();
  const all = { ...replicaSettingsFor(settings.hardwareAddr, '/nowhere'), reportEvents: true, ...settings };
  const reporter = startReporter(
    { settings: all, log: sink.log, metrics: registry },
    {
      service: 'dhcp',
      settings: { texts: { 'dhcp-mode': 'reservation' }, withheld: ['extra-kernel-args'] },
    },
    { backoff: { min: 5, max: 40 }, lookEvery: 10, ...(mayWait !== undefined && { mayWait }) },
  )!;
  const metric = async (outcome: string) => {
    const { values = [] } = (await registry.getSingleMetric('smee_events_total')?.get()) ?? {};
    return values.find(({ labels }) => labels.outcome === outcome)?.value;
  };
  return { reporter, metric, lines: sink.lines, registry };
}

const said = ({ events }: ReportSink) => events.map((one) => one.said);

describe('shared/events/reporter.ts', () => {
  it('says who it is and by what it decides, then what happens, in order', async () => {
    await using boots = await ReportSink.start();
    const { reporter, metric } = quick({ hardwareAddr: boots.address });
    await using _ = reporter;
    reporter.know(() => ({ loaders: 'ipxe.efi' }));
    for (let at = 0; at < 1000; at++) reporter.tell(event(`OFFER ${at}`));
    await until('all have come', () => boots.events.length === 1000);

    const [first] = boots.messages;
    expect(first?.events).to.deep.equal([]);
    expect(first?.hello).to.deep.include({
      service: 'dhcp',
      settings: { 'dhcp-mode': 'reservation' },
      facts: { loaders: 'ipxe.efi', 'secrets-withheld': 'extra-kernel-args' },
    });
    expect(first!.hello!.instance).to.match(new RegExp(`:${process.pid}$`));
    expect(boots.hellos).to.have.length(1);
    expect(said(boots)).to.deep.equal(Array.from({ length: 1000 }, (_one, at) => `OFFER ${at}`));
    // Answers wait while one is made.
    expect(Math.max(...boots.messages.map(({ events }) => events.length))).to.equal(32);
    expect(await metric('told')).to.equal(1000);
  });

  it('says hello again when what it found is something else', async () => {
    await using boots = await ReportSink.start();
    const { reporter } = quick({ hardwareAddr: boots.address });
    await using _ = reporter;
    let loaders = 'ipxe.efi';
    let looks = 0;
    reporter.know(async () => {
      looks++;
      return { loaders };
    });
    await until('a hello, and more looks', () => boots.hellos.length === 1 && looks > 3);
    loaders = 'ipxe.efi,undionly.kpxe';
    reporter.tell(event('OFFER'));
    await until('another, and the event', () => boots.hellos.length === 2 && boots.events.length === 1);
    expect(boots.hellos[1]!.facts!.loaders).to.equal('ipxe.efi,undionly.kpxe');
    expect(boots.dropped).to.equal(0);
  });

  it('tells what happened while the hardware service was away, once it is there', async () => {
    await using boots = await ReportSink.start();
    await boots.stop();
    const { reporter, lines } = quick({ hardwareAddr: boots.address });
    await using _ = reporter;
    reporter.tell(event('first'));
    await until('it complains', () => lines.some(({ level }) => level === 'warn'));
    reporter.tell(event('second'));
    await boots.start();
    await until('both have come', () => boots.events.length === 2);
    expect(said(boots)).to.deep.equal(['first', 'second']);
    expect(lines.map(({ msg }) => msg)).to.deep.equal([
      'the hardware service takes no boot events; the newest wait until it does',
      'the hardware service takes boot events again',
    ]);
  });

  it('goes on after the hardware service was killed and started anew', async () => {
    await using boots = await ReportSink.start();
    const { reporter } = quick({ hardwareAddr: boots.address });
    await using _ = reporter;
    reporter.tell(event('before'));
    await until('the first has come', () => boots.events.length === 1);
    await boots.stop();
    reporter.tell(event('meanwhile'));
    await boots.start();
    await until('the second has come', () => said(boots).includes('meanwhile'));
    expect(boots.hellos).to.have.length(2);
    expect(said(boots)).to.deep.equal(['before', 'meanwhile']);
  });

  for (const code of [status.UNIMPLEMENTED, status.UNAUTHENTICATED, status.RESOURCE_EXHAUSTED]) {
    it(`says once that it is refused with ${status[code]}, and tries for ever`, async () => {
      await using boots = await ReportSink.start();
      const { reporter, lines } = quick({ hardwareAddr: boots.address });
      await using _ = reporter;
      for (let times = 1; times <= 3; times++) {
        await until('a hello', () => boots.hellos.length === times);
        boots.breakOff(code);
      }
      reporter.tell(event('at last'));
      await until('it has come', () => boots.events.length === 1);
      expect(lines.filter(({ level }) => level === 'warn')).to.have.length.within(1, 3);
    });
  }

  it('keeps the newest when too many wait, and says how many it dropped', async () => {
    await using boots = await ReportSink.start();
    await boots.stop();
    const { reporter, metric, lines } = quick({ hardwareAddr: boots.address }, 10);
    await using _ = reporter;
    for (let at = 0; at < 25; at++) reporter.tell(event(`${at}`));
    await boots.start();
    await until('ten have come', () => boots.events.length === 10);
    expect(said(boots)).to.deep.equal(Array.from({ length: 10 }, (_one, at) => `${at + 15}`));
    expect(boots.dropped).to.equal(15);
    expect(await metric('dropped')).to.equal(15);
    expect(lines.filter(({ msg }) => msg.includes('dropped'))).to.have.length(1);
  });

  it('says of when the events were that it dropped, once it is heard again', async () => {
    await using boots = await ReportSink.start();
    await boots.stop();
    const { reporter } = quick({ hardwareAddr: boots.address }, 10);
    await using _ = reporter;
    const begun = Date.now() - 60_000;
    for (let at = 0; at < 25; at++) reporter.tell({ ...event(`${at}`), at: begun + at * 1000, ms: 500 });
    // What is told again anyhow, and what nobody misses, is no gap.
    reporter.tell({ ...event('fetching'), at: begun - 5000, fetch: 'f'.repeat(16) });
    await boots.start();
    await until('ten have come', () => boots.events.length === 10);
    expect(boots.gaps).to.deep.equal([{ events: 16, fromUnixMilli: begun, toUnixMilli: begun + 15_500 }]);
    boots.breakOff();
    reporter.tell(event('later'));
    await until('it goes on', () => said(boots).includes('later'));
    expect(boots.gaps).to.have.length(1);
  });

  it('misses what more is told of machines than it may, and nothing of strangers and of chatter', async () => {
    await using boots = await ReportSink.start();
    const { reporter } = quick({ hardwareAddr: boots.address });
    await using _ = reporter;
    for (let at = 0; at < 50_100; at++) reporter.tell(event('much'));
    for (let at = 0; at < 200; at++) reporter.tell({ ...event('nobody'), name: undefined });
    for (let at = 0; at < 6000; at++) reporter.tell({ ...event('chatter'), stage: 'syslog' });
    await until('it has said so', () => boots.gaps.length > 0);
    const missing = boots.gaps.reduce((sum, { events = 0 }) => sum + events, 0);
    // 50 000 of a machine, 5000 lines of its log and 100 of strangers are admitted, and a few more by the time.
    const held = 32_768;
    expect(missing).to.be.within(100 + 55_100 - held - 1000, 100 + 55_100 - held + 500);
  });

  it('misses what was served to addresses that no record has: the hardware service may know whose they are', async () => {
    await using boots = await ReportSink.start();
    const { reporter } = quick({ hardwareAddr: boots.address });
    await using _ = reporter;
    const served = { ...event('artifact'), mac: undefined, name: undefined, stage: 'http' } as const;
    for (let at = 0; at < 6000; at++) reporter.tell(served);
    for (let at = 0; at < 1000; at++) reporter.tell({ ...served, outcome: 'no', why: 'not-found' });
    await until('it has said so', () => boots.gaps.length > 0);
    // 5000 are admitted, and a few more by the time.
    const missing = boots.gaps.reduce((sum, { events = 0 }) => sum + events, 0);
    expect(missing).to.be.within(500, 1000);
  });

  it('holds no more than it may for a hardware service that takes nothing, and loses none of the newest', async () => {
    await using boots = await ReportSink.start();
    boots.stalls = true;
    const { reporter, metric } = quick({ hardwareAddr: boots.address }, 100);
    await using _ = reporter;
    const big = { ...event('big'), details: { text: 'x'.repeat(500) } };
    let taken = { count: -1, since: 0 };
    await until('nothing is taken any more', async () => {
      for (let at = 0; at < 50; at++) reporter.tell(big);
      const count = (await metric('told'))!;
      if (count !== taken.count) taken = { count, since: performance.now() };
      return performance.now() - taken.since > 400;
    });
    expect(await metric('dropped')).to.be.greaterThan(0);
    reporter.tell(event('newest'));
    boots.stalls = false;
    boots.breakOff();
    await until('the newest has come', () => said(boots).includes('newest'));
    // What HTTP/2 had taken before it stalled is lost; it is bounded by its window.
    expect(taken.count * 500).to.be.lessThan(1_000_000);
    expect(said(boots).filter((one) => one === 'big')).to.have.length.at.least(50);
  });

  it('tells at a stop what still waits', async () => {
    await using boots = await ReportSink.start();
    const { reporter } = quick({ hardwareAddr: boots.address });
    await until('a hello', () => boots.hellos.length === 1);
    for (let at = 0; at < 1500; at++) reporter.tell(event('last'));
    await reporter[Symbol.asyncDispose]();
    expect(boots.events).to.have.length(1500);
    expect(boots.finished).to.equal(1);
  });

  for (const [name, where] of [
    [
      'is down',
      async () => ({ address: { host: '127.0.0.1', port: 1 }, [Symbol.asyncDispose]: async () => {} }),
    ],
    ['hangs', hangingServer],
  ] as const) {
    it(`stops within its time when the hardware service ${name}`, async () => {
      await using server = await where();
      const { reporter, metric } = quick({ hardwareAddr: server.address });
      for (let at = 0; at < 10; at++) reporter.tell(event('lost'));
      const stopped = performance.now();
      await reporter[Symbol.asyncDispose]();
      expect(performance.now() - stopped).to.be.lessThan(1500);
      expect(await metric('dropped')).to.equal(10);
    });
  }

  it('goes on telling when it cannot look at its host', async () => {
    await using boots = await ReportSink.start();
    const { reporter } = quick({ hardwareAddr: boots.address });
    await using _ = reporter;
    let broken = true;
    reporter.know(async () => {
      if (broken) throw new Error('EIO');
      return { loaders: 'ipxe.efi' };
    });
    reporter.tell(event('OFFER'));
    await until('it has come', () => boots.events.length === 1);
    expect(boots.hellos[0]!.facts).to.not.have.property('loaders');
    broken = false;
    await until('another hello', () => boots.hellos.length === 2);
    expect(boots.hellos[1]!.facts).to.include({ loaders: 'ipxe.efi' });
  });

  it('is nobody when it is switched off, or when there is no hardware service', () => {
    const hardwareAddr = { host: '127.0.0.1', port: 1 };
    expect(quick({ hardwareAddr, reportEvents: false }).reporter).to.equal(undefined);
    expect(quick({ hardwareAddr, noopEnabled: true }).reporter).to.equal(undefined);
  });

  it('shows its token, and survives one that has become unreadable', async () => {
    await using folder = await temporaryFolder();
    const tokenFile = join(folder.path, 'token');
    await writeFile(tokenFile, 'not a token');
    await using boots = await ReportSink.start();
    const { reporter, lines } = quick({ hardwareAddr: boots.address, tokenFile });
    await using _ = reporter;
    reporter.tell(event('OFFER'));
    await until('it complains', () => lines.some(({ level }) => level === 'warn'));
    await writeFile(tokenFile, 'sesame');
    await until('it has come', () => boots.events.length === 1);
    expect(boots.tokens).to.deep.equal(['Bearer sesame']);
    expect(JSON.stringify(lines)).to.not.include('not a token');
  });
});
