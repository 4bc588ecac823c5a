import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { type HostPort, readSettings, type Table, type Values } from '#shared/config.ts';
import { createMetrics } from '#shared/metrics.ts';
import type { Context } from '#shared/run.ts';
import { dashboardSettings } from '../../services/dashboard/config.ts';
import { startDashboard } from '../../services/dashboard/server.ts';
import { dhcpSettings } from '../../services/dhcp/config.ts';
import { startDhcp } from '../../services/dhcp/server.ts';
import { hardwareSettings } from '../../services/hardware/config.ts';
import { startHardware } from '../../services/hardware/server.ts';
import { httpSettings } from '../../services/http/config.ts';
import { startHttp } from '../../services/http/server.ts';
import { syslogSettings } from '../../services/syslog/config.ts';
import { startSyslog } from '../../services/syslog/server.ts';
import { tftpSettings } from '../../services/tftp/config.ts';
import { startTftp } from '../../services/tftp/server.ts';
import { logSink } from '../support/log-sink.ts';
import { emptyMachines } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TftpClient } from '../support/tftp.ts';
import { tftpService } from '../support/tftp-service.ts';

type Started = AsyncDisposable & {
  readonly address?: HostPort;
  readonly addresses?: readonly HostPort[];
  readonly opsAddress?: HostPort;
};

function context<T extends Table>(table: T, args: readonly string[]): Context<Values<T>> {
  return {
    settings: readSettings(table, { env: {}, args }),
    log: logSink().log,
    metrics: createMetrics('test'),
  };
}

/** Each service on 127.0.0.1, with further flags. */
const start: Readonly<Record<string, (folder: string, ...flags: string[]) => Promise<Started>>> = {
  hardware: (folder, ...flags) =>
    startHardware(
      context(hardwareSettings, [
        `--sqlite-path=${join(folder, 'smee.db')}`,
        '--hardware-bind=127.0.0.1:0',
        '--hardware-ops-addr=127.0.0.1:0',
        ...flags,
      ]),
    ),
  dhcp: (_folder, ...flags) =>
    startDhcp(
      context(dhcpSettings, ['--dhcp-addr=127.0.0.1:0', '--dhcp-ops-addr=127.0.0.1:0', ...flags]),
      emptyMachines,
    ),
  tftp: (folder, ...flags) =>
    startTftp(
      context(tftpSettings, [
        ...['--tftp-addr=127.0.0.1', '--tftp-port=0', '--tftp-ops-addr=127.0.0.1:0'],
        ...[`--ipxe-dir=${folder}`, ...flags],
      ]),
      emptyMachines,
    ),
  http: (folder, ...flags) =>
    startHttp(
      context(httpSettings, ['--http-addr=127.0.0.1', '--http-port=0', `--ipxe-dir=${folder}`, ...flags]),
      emptyMachines,
    ),
  syslog: (_folder, ...flags) =>
    startSyslog(
      context(syslogSettings, [
        ...['--syslog-addr=127.0.0.1', '--syslog-port=0', '--syslog-ops-addr=127.0.0.1:0'],
        ...flags,
      ]),
      emptyMachines,
    ),
  dashboard: (_folder, ...flags) =>
    startDashboard(
      context(dashboardSettings, ['--dashboard-addr=127.0.0.1:0', '--hardware-addr=127.0.0.1:1', ...flags]),
    ),
};

const portFlag: Readonly<Record<string, (port: number) => string>> = {
  hardware: (port) => `--hardware-bind=127.0.0.1:${port}`,
  dhcp: (port) => `--dhcp-addr=127.0.0.1:${port}`,
  tftp: (port) => `--tftp-port=${port}`,
  http: (port) => `--http-port=${port}`,
  syslog: (port) => `--syslog-port=${port}`,
  dashboard: (port) => `--dashboard-addr=127.0.0.1:${port}`,
};

async function refusal(starting: Promise<Started>): Promise<Error> {
  const started = await starting.catch((error: unknown) => error);
  if (started instanceof Error) return started;
  await (started as Started)[Symbol.asyncDispose]();
  throw new Error('it started');
}

describe('the services, listening', () => {
  for (const [name, starts] of Object.entries(start)) {
    it(`says which port of ${name} is taken`, async () => {
      await using folder = await temporaryFolder();
      await using first = await starts(folder.path);
      const { port } = (first.address ?? first.addresses?.[0])!;
      const error = await refusal(starts(folder.path, portFlag[name]!(port)));
      expect(error.message)
        .to.include(`${port}`)
        .and.to.match(/taken|EADDRINUSE|in use/);
    });

    // Their health is on the port that they serve.
    if (name === 'http' || name === 'dashboard') continue;
    it(`holds on to no port of ${name} when the one of its health is taken`, async () => {
      await using folder = await temporaryFolder();
      await using first = await starts(folder.path);
      const { port } = first.opsAddress!;
      const before = openSockets();
      const error = await refusal(starts(folder.path, `--${name}-ops-addr=127.0.0.1:${port}`));
      expect(error.message).to.include(`${port}`);
      expect(openSockets()).to.equal(before);
    });
  }

  it('listens on every address of tftp-addr', async () => {
    await using service = await tftpService({
      files: { hello: 'hello' },
      args: ['--tftp-addr=127.0.0.1,127.0.0.2'],
    });
    for (const server of service.servers) {
      await using client = await TftpClient.open(server);
      await client.request('hello');
      expect((await client.next()).data.toString()).to.equal('hello');
      await client.ack(1);
    }
    expect(service.servers.map(({ host }) => host)).to.deep.equal(['127.0.0.1', '127.0.0.2']);
  });

  it('listens on every address of syslog-addr', async () => {
    await using folder = await temporaryFolder();
    await using service = await start.syslog!(folder.path, '--syslog-addr=127.0.0.1,127.0.0.2');
    expect(service.addresses?.map(({ host }) => host)).to.deep.equal(['127.0.0.1', '127.0.0.2']);
  });

  it('gives no file of a hostile name over TFTP', async () => {
    await using service = await tftpService({ files: { kernel: 'kernel' } });
    await symlink('/etc/passwd', join(service.assets, 'link'));
    execFileSync('/usr/bin/env', ['mkfifo', join(service.assets, 'pipe')]);
    const names = [
      ...[
        '../up',
        '..',
        '/../../etc/passwd',
        '..\\kernel',
        '%2e%2e/kernel',
        'C:\\kernel',
        '/etc/passwd',
        'link',
        'pipe',
      ],
      ...['.', '/', 'kernel/', 'kernel/../kernel', `${'a/'.repeat(400)}kernel`, 'kernel\n', '\ufffd'],
    ];
    for (const name of names) {
      await using client = await TftpClient.open(service.server);
      await client.request(name);
      expect((await client.next()).said, name.slice(0, 40)).to.match(/^ERROR [12]$/);
    }
    await using client = await TftpClient.open(service.server);
    // No path is so long: it does not fit into a buffer, and is dropped.
    await client.request(`${'a/'.repeat(32_000)}kernel`);
    await client.request('kernel');
    expect((await client.next()).data.toString()).to.equal('kernel');
    await client.ack(1);
  });

  it('does not start on a port that a stranger has', async () => {
    await using folder = await temporaryFolder();
    const stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const bound = stranger.address();
    const port = typeof bound === 'object' ? bound!.port : 0;
    expect((await refusal(start.http!(folder.path, `--http-port=${port}`))).message).to.include(`${port}`);
    stranger.close();
  });
});

/** Of this process, as the kernel counts them. */
function openSockets(): number {
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // the descriptor of the listing itself
    }
  });
  return targets.filter((target) => target.startsWith('socket:')).length;
}
