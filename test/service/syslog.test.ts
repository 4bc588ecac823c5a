import { createSocket } from 'node:dgram';
import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { createMetrics } from '#shared/metrics.ts';
import { syslogSettings } from '../../services/syslog/config.ts';
import { startSyslog } from '../../services/syslog/server.ts';
import { type LogLine, logSink } from '../support/log-sink.ts';
import { fixedMachines, machine } from '../support/machines.ts';
import { until } from '../support/until.ts';

const local = parseIp4('127.0.0.1')!;
const known = fixedMachines([machine({ dhcp: { address: local } })]);

describe('services/syslog', () => {
  async function start(machines = known, ...args: string[]) {
    const stack = new AsyncDisposableStack();
    const { log, lines } = logSink('syslog');
    const metrics = createMetrics('syslog');
    const fixed = ['--syslog-addr=127.0.0.1', '--syslog-port=0', '--syslog-ops-addr=127.0.0.1:0'];
    const settings = readSettings(syslogSettings, { env: {}, args: [...fixed, ...args] });
    const service = stack.use(await startSyslog({ settings, log, metrics }, machines));
    const client = createSocket('udp4');
    stack.defer(() => void client.close());
    const port = service.addresses[0]?.port ?? 0;
    return {
      lines,
      service,
      send: (text: string | Uint8Array) =>
        new Promise<void>((resolve, reject) =>
          client.send(text, port, '127.0.0.1', (error) => (error === null ? resolve() : reject(error))),
        ),
      /** The first line that says so. */
      async line(msg: string): Promise<LogLine> {
        await until(`a line ${msg}`, () => lines.some((one) => one.msg === msg));
        return lines.find((one) => one.msg === msg)!;
      },
      async count(why: string): Promise<number> {
        const { values } = await metrics.getSingleMetric('smee_syslog_messages_total')!.get();
        return values.find(({ labels }) => labels.why === why)?.value ?? 0;
      },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  }

  it('logs a message with all its fields and the mac of the machine with that address', async () => {
    await using syslog = await start();
    await syslog.send('<34>1 2026-08-01T10:00:00Z node07 su 71 ID47 [a@1 b="c"] failed');
    const line = await syslog.line('failed');
    expect(line).to.deep.include({
      level: 'info',
      service: 'syslog',
      mac: '52:54:00:77:00:07',
      host: '127.0.0.1',
      facility: 'auth',
      severity: 'crit',
      timestamp: '2026-08-01T10:00:00Z',
      hostname: 'node07',
      'app-name': 'su',
      procid: '71',
      msgid: 'ID47',
      'structured-data': { 'a@1': { b: 'c' } },
    });
    expect(line.peer).to.match(/^127\.0\.0\.1:\d+$/);
  });

  it('names no machine when two records have that address', async () => {
    const twins = fixedMachines([known.byIp(local)[0]!, machine({ name: 'twin', dhcp: { address: local } })]);
    await using syslog = await start(twins);
    await syslog.send('<30>ipxe: hello');
    expect(await syslog.line('hello')).not.to.have.property('mac');
  });

  it('logs severity debug at level debug', async () => {
    await using syslog = await start();
    await syslog.send('<31>quiet');
    expect((await syslog.line('quiet')).level).to.equal('debug');
  });

  it('parses a text that is JSON', async () => {
    await using syslog = await start();
    await syslog.send('<30>{"step":"stream-image","done":true}');
    const line = await syslog.line('{"step":"stream-image","done":true}');
    expect(line.json).to.deep.equal({ step: 'stream-image', done: true });
  });

  it('logs what it cannot parse raw and escaped, at level debug, and counts it', async () => {
    await using syslog = await start();
    await syslog.send(Buffer.from('\x1b[2Jno\nPRI\xff', 'latin1'));
    const line = await syslog.line('not a syslog message');
    expect(line).to.include({ level: 'debug', why: 'malformed', mac: '52:54:00:77:00:07', bytes: 11 });
    expect(line.raw).to.equal('\\x1b[2Jno\\x0aPRI\ufffd');
    expect(await syslog.count('malformed')).to.equal(1);
  });

  it('lets no message forge a line, reach the terminal or leak a credential', async () => {
    await using syslog = await start();
    await syslog.send('<6>kernel: registry_password=hunter2\r\n{"level":"fatal"}\x1b[31m');
    await syslog.line('registry_password=[hidden]\\x0d\\x0a{"level":"fatal"}\\x1b[31m');
  });

  it('hides a credential in whatever part of a message it stands', async () => {
    await using syslog = await start();
    await syslog.send(
      '<30>1 - node07 agent - - [boot cmdline="registry_password=hunter2" token="hunter2"] {"token":"hunter2"}',
    );
    const line = await syslog.line('{"token":"[hidden]"}');
    expect(line['structured-data']).to.deep.equal({
      boot: { cmdline: 'registry_password=[hidden]', token: '[hidden]' },
    });
    expect(line.json).to.deep.equal({ token: '[hidden]' });
    expect(JSON.stringify(syslog.lines)).not.to.include('hunter2');
  });

  it('takes the largest datagram and logs a bounded part of it', async () => {
    await using syslog = await start();
    await syslog.send(`<30>big: ${'x'.repeat(65_000)}`);
    await until('the large message', () => syslog.lines.some((line) => line['app-name'] === 'big'));
    const line = syslog.lines.find((one) => one['app-name'] === 'big');
    expect(line?.msg).to.equal(`${'x'.repeat(8192)}… (${65_000 - 8192} more)`);
  });

  it('logs a bounded part of a flood, counts the rest, says so once, and goes on', async () => {
    await using syslog = await start();
    // Many at a time: faster than what a source may say, also on a busy machine.
    const burst = async () => {
      await Promise.all(Array.from({ length: 250 }, () => syslog.send('<30>flood: again')));
    };
    for (let sent = 0; sent < 6500; sent += 250) await burst();
    await until('every message counted or dropped', () => flood().length >= 5000);
    const dropped = async () => await syslog.count('source-rate-limited');
    for (const end = Date.now() + 10_000; Date.now() < end && (await dropped()) === 0; ) await burst();

    expect(flood().length).to.equal(await syslog.count('ok'));
    expect(await dropped()).to.be.greaterThan(0);
    const warnings = syslog.lines.filter((line) => line.msg === 'syslog messages are dropped');
    expect(warnings).to.have.lengthOf(1);
    expect(warnings[0]).to.include({ level: 'warn', why: 'source-rate-limited', mac: '52:54:00:77:00:07' });

    await until('a line that says how many it stands for', () => {
      void syslog.send('<30>flood: again');
      return flood().some((line) => Number(line.dropped) > 0);
    });

    function flood(): LogLine[] {
      return syslog.lines.filter((line) => line['app-name'] === 'flood');
    }
  });

  it('answers health, readiness and metrics, also when it is switched off', async () => {
    await using syslog = await start(known, '--syslog-enabled=false');
    const { addresses, opsAddress } = syslog.service;
    expect(addresses).to.deep.equal([]);
    const get = (path: string) => fetch(`http://127.0.0.1:${opsAddress.port}${path}`);
    expect((await get('/healthz')).status).to.equal(200);
    expect((await get('/readyz')).status).to.equal(200);
    expect(await (await get('/metrics')).text()).to.include('smee_syslog_datagrams_lost_total');
  });

  it('rejects when its port is taken, and closes its sockets', async () => {
    await using syslog = await start();
    const { port } = syslog.service.addresses[0]!;
    const { log } = logSink();
    const args = ['--syslog-addr=127.0.0.1', `--syslog-port=${port}`, '--syslog-ops-addr=127.0.0.1:0'];
    const settings = readSettings(syslogSettings, { env: {}, args });
    const refused = await startSyslog({ settings, log, metrics: createMetrics('second') }, known).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.include({ code: 'EADDRINUSE' });
  });
});
