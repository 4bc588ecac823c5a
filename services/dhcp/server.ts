import { type HostPort, hostPort } from '#shared/config.ts';
import { ConfigError } from '#shared/errors.ts';
import type { Reporter } from '#shared/events/event.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { formatIp4 } from '#shared/ip4.ts';
import { type Readiness, startOps } from '#shared/ops.ts';
import type { Context } from '#shared/run.ts';
import { startTracing } from '#shared/trace/tracing.ts';
import type { DatagramHandler, UdpSocket } from '#shared/udp/engine.ts';
import { SocketHealth } from '#shared/udp/health.ts';
import { openUdp } from '#shared/udp/open.ts';
import type { DhcpSettings } from './config.ts';
import { ExchangeTelling } from './exchange-telling.ts';
import { ExchangeTraces } from './exchange-traces.ts';
import { createHandler } from './handler.ts';
import { Interfaces } from './interfaces.ts';
import { dhcpMetrics } from './metrics.ts';
import { MissingLoaders } from './missing-loaders.ts';

/**
 * Datagrams per system call. Few enough that in a storm the first answers leave while the rest is worked on, and clients and
 * server work at the same time; larger batches save little.
 */
const batch = 16;

export interface DhcpServer extends AsyncDisposable {
  /** One per socket, with its real port; none when DHCP is switched off. */
  readonly addresses: readonly HostPort[];
  /** The same on the proxy port; none in reservation mode. */
  readonly proxyAddresses: readonly HostPort[];
  readonly opsAddress: HostPort;
}

/**
 * Opens a socket per interface of `dhcp-iface`, or one on `dhcp-addr`, in the proxy modes a second one each, and answers until
 * it is disposed.
 *
 * @param reporter where it tells what happens; undefined: nowhere
 * @param beforeListening what is to be done when all is there but the sockets
 * @throws {ConfigError} in a proxy mode without an interface, and without records in the other modes
 * @throws {SmeeError} with the system's code when an address or interface cannot be used
 */
export async function startDhcp(
  context: Context<DhcpSettings>,
  machines: Machines & { readiness(): Readiness },
  reporter?: Reporter,
  beforeListening?: () => Promise<void>,
): Promise<DhcpServer> {
  const { settings, log, metrics: registry } = context;
  checkMode(settings);
  const now = () => performance.now();
  const metrics = dhcpMetrics(registry);
  const interfaces = new Interfaces(now);

  await using stack = new AsyncDisposableStack();
  const tracing = stack.use(await startTracing(context, 'dhcp'));
  const missing = stack.use(await MissingLoaders.watch(context));
  const health = new SocketHealth(context.log, now);
  const parts = {
    settings,
    machines,
    interfaces,
    missingLoaders: () => missing.names,
    metrics,
    log,
    traces: tracing && new ExchangeTraces(tracing, now),
    now,
  };
  const open = (port: number, handle: DatagramHandler) => {
    const { addr, ifaces } = settings;
    const opened = openSockets({ addr, ifaces, port }, handle, health, stack);
    for (const socket of opened) metrics.watch(socket);
    stack.use(health.watch(opened));
    return opened.map((socket) => ({ host: formatIp4(socket.address), port: socket.port }));
  };
  await beforeListening?.();
  const { proxyPort } = settings;
  const telling = (port?: number) => reporter && stack.use(new ExchangeTelling(reporter, port, now));
  const addresses = settings.enabled
    ? open(settings.addr.port, createHandler({ ...parts, telling: telling() }))
    : [];
  const proxyAddresses =
    settings.enabled && settings.mode !== 'reservation'
      ? open(proxyPort, createHandler({ ...parts, onProxyPort: true, telling: telling(proxyPort) }))
      : [];
  reporter?.know(() => ({
    addresses: [...addresses, ...proxyAddresses].map(hostPort.print).join(','),
    'missing-loaders': [...missing.names].join(','),
    ...interfaces.facts(),
  }));

  const ready = () => health.readiness() ?? machines.readiness();
  const ops = stack.use(await startOps(settings.opsAddr, { metrics: registry, ready }));
  const { mode, ifaces } = settings;
  const listening = { mode, addresses, proxyAddresses, ifaces, ops: ops.address };
  log.info(listening, settings.enabled ? 'DHCP listens' : 'DHCP is switched off (dhcp-enabled)');

  const resources = stack.move();
  return {
    addresses,
    proxyAddresses,
    opsAddress: ops.address,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** A proxy speaks to everybody on the wire: nobody's network is taken by surprise. */
function checkMode({ enabled, mode, ifaces, noopEnabled }: DhcpSettings): void {
  if (!enabled) return;
  if (mode !== 'reservation' && !ifaces?.length) {
    throw new ConfigError([
      `dhcp-mode=${mode}: speaks to every machine of a network, so say of which: dhcp-iface (smee up: --iface)`,
    ]);
  }
  if (mode !== 'auto-proxy' && noopEnabled) {
    throw new ConfigError([
      `dhcp-mode=${mode}: answers nobody without records; backend-noop-enabled is for auto-proxy`,
    ]);
  }
}

function openSockets(
  { addr, port, ifaces }: Pick<DhcpSettings, 'addr' | 'ifaces'> & { port: number },
  handle: DatagramHandler,
  { onError }: SocketHealth,
  stack: AsyncDisposableStack,
): UdpSocket[] {
  const { address } = addr;
  const devices = ifaces?.length ? ifaces : [undefined];
  return devices.map((device) =>
    stack.use(openUdp({ address, port, ...(device !== undefined && { device }), batch, handle, onError })),
  );
}
