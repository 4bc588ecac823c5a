import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { mock } from 'node:test';
import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import type { BootEvent } from '#shared/events/event.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import { createMetrics } from '#shared/metrics.ts';
import { syslogSettings } from '../../services/syslog/config.ts';
import { startSyslog } from '../../services/syslog/server.ts';
import { rawHttp, runHttp } from '../support/http.ts';
import { logSink } from '../support/log-sink.ts';
import { fixedMachines, machine } from '../support/machines.ts';
import { Keeping } from '../support/telling.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { fetch as fetchByTftp, TftpClient } from '../support/tftp.ts';
import { tftpService } from '../support/tftp-service.ts';
import { until } from '../support/until.ts';
import { runUpstream, serveBytes } from '../support/upstream.ts';

const local = parseIp4('127.0.0.1')!;
const mac = '52:54:00:77:00:07';
const here = fixedMachines([machine({ dhcp: { address: local } })]);
const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;

/** Steps the clock of the whole process by an hour, as NTP does where there is none that runs on without power. */
function clockSetByAnHour(): Disposable {
  const before = Date.now;
  const stepped = mock.method(Date, 'now', () => before() + 3_600_000);
  return { [Symbol.dispose]: () => stepped.mock.restore() };
}

/** The first event that holds, once it is there. */
async function told({ events }: Keeping, holds: (event: BootEvent) => boolean): Promise<BootEvent> {
  await until('an event', () => events.some(holds));
  return events.find(holds)!;
}

const about = (file: string) => (event: BootEvent) => event.details.file === file;

describe('what tftp tells the hardware service', () => {
  it('is each transfer as it ended, with all that its line says', async () => {
    await using service = await tftpService({ machines: here, files: { kernel: 'x'.repeat(5000) } });
    await using client = await TftpClient.open(service.server);
    await fetchByTftp(client, 'kernel', { blksize: 1000 });
    const event = await told(service.reporter, about('kernel'));
    expect(event).to.deep.include({
      mac,
      name: 'rack1-node07',
      address: '127.0.0.1',
      stage: 'tftp',
      outcome: 'yes',
      why: 'ok',
      said: 'DATA',
    });
    expect(event.details).to.include({
      bytes: 5000,
      size: 5000,
      blksize: 1000,
      windowsize: 1,
      retransmits: 0,
    });
    expect(Math.abs(event.at - Date.now())).to.be.lessThan(10_000);
  });

  it('is each refusal, and the machine and trace that a name carries', async () => {
    await using service = await tftpService({ machines: here });
    await using client = await TftpClient.open(service.server);
    const name = `02-00-00-00-00-01/no-such-file-${traceparent}`;
    await fetchByTftp(client, name).catch(() => {});
    const event = await told(service.reporter, about(name));
    expect(event).to.deep.include({
      mac: '02:00:00:00:00:01',
      name: undefined,
      outcome: 'no',
      why: 'not-found',
      said: 'ERROR',
      traceId: 'ab'.repeat(16),
    });
    expect(event.details.size).to.equal(undefined);
  });

  it('is that a transfer goes on which takes long, and how much of it', async () => {
    await using service = await tftpService({ machines: here, files: { kernel: 'x'.repeat(5000) } });
    await using client = await TftpClient.open(service.server);
    await client.request('kernel', ['blksize', '1000']);
    await client.next();
    await client.ack(0);
    await client.next();
    await client.ack(1);
    const growing = await told(service.reporter, about('kernel'));
    expect(growing).to.deep.include({
      mac,
      name: 'rack1-node07',
      stage: 'tftp',
      outcome: 'heard',
      why: 'ok',
    });
    expect(growing.said).to.equal('fetching');
    expect(growing.details).to.include({ bytes: 2000, size: 5000 });
    expect(growing.ms).to.be.within(5000, 9000);
    expect(Math.abs(growing.at + growing.ms - Date.now())).to.be.lessThan(2000);
    await client.error(0, 'enough');
    const ended = await told(service.reporter, ({ why }) => why === 'aborted');
    expect(ended.fetch)
      .to.match(/^[0-9a-f]{16}$/)
      .and.equal(growing.fetch);
  });

  it('is when it happened, also when the clock was set since the service started', async () => {
    await using service = await tftpService({ machines: here, files: { kernel: 'x' } });
    using _ = clockSetByAnHour();
    await using client = await TftpClient.open(service.server);
    await fetchByTftp(client, 'kernel');
    const event = await told(service.reporter, about('kernel'));
    expect(Math.abs(event.at - Date.now())).to.be.lessThan(10_000);
  });

  it('is which loaders it has', async () => {
    await using service = await tftpService({ loaders: { 'ipxe.efi': 'a', 'own.efi': 'b' } });
    const facts = await service.reporter.facts();
    expect(facts.loaders?.split(',')).to.have.members(['ipxe.efi', 'own.efi']);
    expect(facts.addresses).to.equal(`127.0.0.1:${service.server.port}`);
  });
});

describe('what http tells the hardware service', () => {
  const artifacts = async () => {
    const folder = await temporaryFolder();
    await writeFile(`${folder.path}/vmlinuz`, 'x'.repeat(5000));
    await mkdir(`${folder.path}/folder`);
    return folder;
  };
  const ask = (port: number, line: string, ...fields: string[]) =>
    rawHttp(port, [`${line} HTTP/1.1`, 'Host: boot', 'Connection: close', ...fields, '', ''].join('\r\n'));

  it('is each answer, with its size and without its query', async () => {
    await using folder = await artifacts();
    await using http = await runHttp([`--artifact-dir=${folder.path}`], here);
    await ask(
      http.port,
      `GET /artifacts/vmlinuz?token=hunter2&traceparent=${traceparent}`,
      'Range: bytes=0-99',
    );
    const event = await told(http.reporter, about('/artifacts/vmlinuz'));
    expect(event).to.deep.include({
      mac,
      name: 'rack1-node07',
      address: '127.0.0.1',
      stage: 'http',
      outcome: 'yes',
      why: 'ok',
      said: 'artifact',
      traceId: 'ab'.repeat(16),
    });
    expect(event.details).to.include({ method: 'GET', status: 206, bytes: 100, size: '5000' });
    expect(event.details.peer).to.match(/^127\.0\.0\.1:\d+$/);
    expect(JSON.stringify(event)).to.not.include('hunter2');
  });

  it('is when it happened, also when the clock was set since the service started', async () => {
    await using folder = await artifacts();
    await using http = await runHttp([`--artifact-dir=${folder.path}`], here);
    using _ = clockSetByAnHour();
    await ask(http.port, 'GET /artifacts/vmlinuz');
    const event = await told(http.reporter, about('/artifacts/vmlinuz'));
    expect(Math.abs(event.at - Date.now())).to.be.lessThan(10_000);
  });

  for (const [name, line, expected] of [
    ['a look at a size, which asks for nothing', 'HEAD /artifacts/vmlinuz', { outcome: 'heard', why: 'ok' }],
    [
      'a file that is not there',
      'GET /artifacts/nothing',
      { outcome: 'no', why: 'not-found', said: 'artifact' },
    ],
    ['a script', `GET /${mac}/auto.ipxe`, { outcome: 'yes', said: 'script', mac }],
    [
      'a script for nobody we know',
      'GET /02:00:00:00:00:01/auto.ipxe',
      { outcome: 'no', why: 'unknown-machine', mac: '02:00:00:00:00:01', name: undefined },
    ],
  ] as const) {
    it(`is ${name}`, async () => {
      await using folder = await artifacts();
      await using http = await runHttp([`--artifact-dir=${folder.path}`], here);
      await ask(http.port, line);
      const event = await told(http.reporter, about(line.split(' ')[1]!));
      expect(event).to.deep.include(expected);
    });
  }

  it('is a mounted ISO as a stage of its own, but none of its thousands of parts', async () => {
    await using upstream = await runUpstream(serveBytes(Buffer.alloc(10_000)));
    await using http = await runHttp(['--iso-enabled', `--iso-url=${upstream.url}/hook.iso`], here);
    const path = `/iso/${mac}/hook.iso`;
    await ask(http.port, `GET ${path}`, 'Range: bytes=0-99');
    await ask(http.port, `GET ${path}`);
    const event = await told(http.reporter, about(path));
    expect(event).to.deep.include({ stage: 'iso', outcome: 'yes', said: 'iso' });
    expect(event.details.status).to.equal(200);
    expect(http.reporter.events.filter(about(path))).to.have.length(1);
  });

  it('is that a file is on its way which takes long, and how much of it', async () => {
    await using folder = await artifacts();
    const size = 64 * 1024 * 1024;
    await writeFile(`${folder.path}/initrd`, Buffer.alloc(size));
    await using http = await runHttp([`--artifact-dir=${folder.path}`], here);
    const socket = connect(http.port, '127.0.0.1');
    socket.write('GET /artifacts/initrd HTTP/1.1\r\nHost: boot\r\nConnection: close\r\n\r\n');
    const growing = await told(http.reporter, about('/artifacts/initrd'));
    expect(growing).to.deep.include({
      mac,
      name: 'rack1-node07',
      stage: 'http',
      outcome: 'heard',
      why: 'ok',
    });
    expect(growing.said).to.equal('fetching');
    expect(growing.details.size).to.equal(String(size));
    expect(growing.details.bytes).to.be.within(1, size - 1);
    expect(growing.ms).to.be.within(5000, 9000);
    await once(socket.resume(), 'close');
    const ended = await told(http.reporter, ({ outcome }) => outcome === 'yes');
    expect(ended).to.deep.include({ said: 'artifact', why: 'ok' });
    expect(ended.details.bytes).to.equal(size);
    expect(ended.fetch)
      .to.match(/^[0-9a-f]{16}$/)
      .and.equal(growing.fetch);
  });

  it('is a connection that never came to a request', async () => {
    await using http = await runHttp([], here);
    const socket = connect(http.port, '127.0.0.1');
    socket.end('\x16\x03\x01\x00\xa5');
    await once(socket.resume(), 'close');
    const event = await told(http.reporter, ({ why }) => why === 'bad-request');
    expect(event).to.deep.include({
      mac,
      name: 'rack1-node07',
      stage: 'http',
      outcome: 'no',
      said: 'silent',
    });
  });

  it('is which loaders and artifacts it has', async () => {
    await using folder = await artifacts();
    await writeFile(`${folder.path}/ipxe.efi`, 'loader');
    await using http = await runHttp([`--artifact-dir=${folder.path}`, `--ipxe-dir=${folder.path}`], here);
    expect(await http.reporter.facts()).to.deep.equal({
      addresses: `127.0.0.1:${http.port}`,
      'secure-addresses': '',
      loaders: 'ipxe.efi,vmlinuz',
      artifacts: 'folder/,ipxe.efi,vmlinuz',
    });
  });

  it('is that there are more artifacts than it tells', async () => {
    await using folder = await temporaryFolder();
    for (let number = 0; number < 201; number++) await writeFile(`${folder.path}/file-${number}`, '');
    await using http = await runHttp([`--artifact-dir=${folder.path}`], here);
    const names = (await http.reporter.facts()).artifacts?.split(',') ?? [];
    expect(names).to.have.length(201);
    expect(names.at(-1)).to.equal('…');
  });
});

describe('what syslog tells the hardware service', () => {
  async function start(machines = here, ...args: string[]) {
    const stack = new AsyncDisposableStack();
    const fixed = ['--syslog-addr=127.0.0.1', '--syslog-port=0', '--syslog-ops-addr=127.0.0.1:0'];
    const settings = readSettings(syslogSettings, { env: {}, args: [...fixed, ...args] });
    const reporter = new Keeping();
    const { log, lines } = logSink('syslog');
    const context = { settings, log, metrics: createMetrics('syslog') };
    context.log.level = settings.logLevel;
    const service = stack.use(await startSyslog(context, machines, reporter));
    const client = createSocket('udp4');
    stack.defer(() => void client.close());
    const send = (text: string) => client.send(text, service.addresses[0]!.port, '127.0.0.1');
    return { reporter, lines, send, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  }

  it('is what a machine that we know says, without its secrets', async () => {
    await using syslog = await start();
    syslog.send('<27>1 - node07 tink - - - pull failed registry_password=hunter2 \x1b[31m');
    const event = await told(syslog.reporter, () => true);
    expect(event).to.deep.include({
      mac,
      name: 'rack1-node07',
      address: '127.0.0.1',
      stage: 'syslog',
      outcome: 'heard',
      why: 'ok',
      said: 'message',
    });
    expect(event.details).to.deep.include({
      severity: 'err',
      'app-name': 'tink',
      text: 'pull failed registry_password=[hidden] \\x1b[31m',
    });
  });

  it('is no more than is logged, and nothing of strangers', async () => {
    await using syslog = await start();
    syslog.send('<31>quiet: at level debug');
    syslog.send('no message at all');
    syslog.send('<30>last: heard');
    await told(syslog.reporter, ({ details }) => details['app-name'] === 'last');
    expect(syslog.reporter.events).to.have.length(1);

    await using unknown = await start(
      fixedMachines([machine({ dhcp: { mac: parseMac('02:00:00:00:00:01')! } })]),
    );
    unknown.send('<30>who: am I');
    await until('a line', () => unknown.lines.some((line) => line['app-name'] === 'who'));
    expect(unknown.reporter.events).to.deep.equal([]);
  });
});
