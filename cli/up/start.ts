import { setTimeout as delay } from 'node:timers/promises';
import type { HostPort, Setting, Table, Values } from '#shared/config.ts';
import { settingsText } from '#shared/config-text.ts';
import { startReporter } from '#shared/events/reporter.ts';
import type { ReportSettings } from '#shared/events/settings.ts';
import { type Replica, startReplica } from '#shared/hardware/replica.ts';
import { createLog } from '#shared/log.ts';
import { createMetrics } from '#shared/metrics.ts';
import type { Context } from '#shared/run.ts';
import { startDashboard } from '../../services/dashboard/server.ts';
import { dhcpSettings } from '../../services/dhcp/config.ts';
import { startDhcp } from '../../services/dhcp/server.ts';
import { startHardware } from '../../services/hardware/server.ts';
import { httpSettings } from '../../services/http/config.ts';
import { startHttp } from '../../services/http/server.ts';
import { syslogSettings } from '../../services/syslog/config.ts';
import { startSyslog } from '../../services/syslog/server.ts';
import { tftpSettings } from '../../services/tftp/config.ts';
import { startTftp } from '../../services/tftp/server.ts';
import type { UpFile } from '../up-file.ts';
import type { UpSettings } from './settings.ts';

type Addresses = Pick<
  UpFile,
  'hardware' | 'dhcp' | 'dhcpProxy' | 'tftp' | 'http' | 'https' | 'syslog' | 'dashboard' | 'ops'
>;

export interface Running extends AsyncDisposable {
  /** The real ones, also where port 0 was asked for. */
  readonly addresses: Addresses;
  /** Records at start. */
  readonly records: number;
}

/** How long to wait for the first sync with the hardware service of this very process, in milliseconds. */
const syncWithin = 5000;

/**
 * Starts every service, each with its own log and metrics, on one replica that is fed over real gRPC: the same parts as in
 * separate containers, in one process. DHCP comes last, when everything that it sends machines to is there.
 */
export async function startAll(settings: UpSettings): Promise<Running> {
  await using stack = new AsyncDisposableStack();
  const hardware = stack.use(await startHardware(contextOf('hardware', settings.hardware)));
  const hardwareAddr = reachable(hardware.address);

  const http = contextOf('http', { ...settings.http, hardwareAddr });
  const machines = stack.use(
    await startReplica({ ...http, log: createLog('replica', settings.http.logLevel) }, 'up'),
  );
  await firstSync(machines);

  const dashboard = settings.up.dashboardEnabled
    ? stack.use(await startDashboard(contextOf('dashboard', { ...settings.dashboard, hardwareAddr })))
    : undefined;
  const reporterOf = <T extends Table>(
    name: string,
    table: T,
    context: Context<Values<T> & ReportSettings>,
  ) => stack.use(startReporter(context, { service: name, settings: settingsText(table, context.settings) }));
  const heard = contextOf('syslog', { ...settings.syslog, hardwareAddr });
  const syslog = stack.use(await startSyslog(heard, machines, reporterOf('syslog', syslogSettings, heard)));
  const web = stack.use(await startHttp(http, machines, reporterOf('http', httpSettings, http)));
  const webPorts = { http: web.addresses[0], https: web.secureAddresses[0] };
  const { scriptScheme, scriptPort: named } = settings.tftp;
  const scriptPort = follow(named, tftpSettings.scriptPort, webPorts[scriptScheme]);
  const files = contextOf('tftp', { ...settings.tftp, scriptPort, hardwareAddr });
  const tftp = stack.use(await startTftp(files, machines, reporterOf('tftp', tftpSettings, files)));
  const advertised = advertise(settings.dhcp, tftp.addresses[0], webPorts);
  const leases = contextOf('dhcp', { ...advertised, hardwareAddr });
  const dhcp = stack.use(await startDhcp(leases, machines, reporterOf('dhcp', dhcpSettings, leases)));

  const running = stack.move();
  return {
    addresses: {
      hardware: hardwareAddr,
      dhcp: [...dhcp.addresses],
      dhcpProxy: [...dhcp.proxyAddresses],
      tftp: [...tftp.addresses],
      http: [...web.addresses],
      https: [...web.secureAddresses],
      syslog: [...syslog.addresses],
      dashboard: dashboard?.address ?? null,
      ops: {
        hardware: hardware.opsAddress,
        dhcp: dhcp.opsAddress,
        tftp: tftp.opsAddress,
        syslog: syslog.opsAddress,
      },
    },
    records: machines.size,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function contextOf<S extends { readonly logLevel: string }>(service: string, settings: S): Context<S> {
  return { settings, log: createLog(service, settings.logLevel), metrics: createMetrics(service) };
}

/** What listens on all addresses is reached on loopback. */
function reachable({ host, port }: HostPort): HostPort {
  return { host: host === '0.0.0.0' ? '127.0.0.1' : host, port };
}

/** DHCP names the ports where TFTP and HTTP really are, unless the operator named others. */
function advertise(
  dhcp: UpSettings['dhcp'],
  tftp: HostPort | undefined,
  web: Readonly<Record<'http' | 'https', HostPort | undefined>>,
): UpSettings['dhcp'] {
  return {
    ...dhcp,
    tftpPort: follow(dhcp.tftpPort, dhcpSettings.tftpPort, tftp),
    binaryPort: follow(dhcp.binaryPort, dhcpSettings.binaryPort, web[dhcp.binaryScheme]),
    scriptPort: follow(dhcp.scriptPort, dhcpSettings.scriptPort, web[dhcp.scriptScheme]),
  };
}

/** The port that a setting names, or the real one where nobody named any. */
function follow(port: number, { default: usual }: Setting<number>, real: HostPort | undefined): number {
  return port === Number(usual) ? (real?.port ?? port) : port;
}

/** So that the first machine is known as soon as we say that we are up. */
async function firstSync(machines: Replica): Promise<void> {
  const until = performance.now() + syncWithin;
  while (!machines.connected && performance.now() < until) await delay(10);
}
