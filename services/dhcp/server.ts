import type { HostPort } from '#shared/config.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { formatIp4 } from '#shared/ip4.ts';
import { type Readiness, startOps } from '#shared/ops.ts';
import type { Context } from '#shared/run.ts';
import type { DatagramHandler, UdpSocket } from '#shared/udp/engine.ts';
import { SocketHealth } from '#shared/udp/health.ts';
import { openUdp } from '#shared/udp/open.ts';
import type { DhcpSettings } from './config.ts';
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
  readonly opsAddress: HostPort;
}

/**
 * Opens a socket per interface of `dhcp-iface`, or one on `dhcp-addr`, and answers until it is disposed.
 *
 * @throws {SmeeError} with the system's code when an address or interface cannot be used
 */
export async function startDhcp(
  context: Context<DhcpSettings>,
  machines: Machines & { readiness(): Readiness },
): Promise<DhcpServer> {
  const { settings, log, metrics: registry } = context;
  const now = () => performance.now();
  const metrics = dhcpMetrics(registry);
  const interfaces = new Interfaces(now);

  await using stack = new AsyncDisposableStack();
  const missing = stack.use(await MissingLoaders.watch(context));
  const health = new SocketHealth(context.log, now);
  const handle = createHandler({
    settings,
    machines,
    interfaces,
    missingLoaders: () => missing.names,
    metrics,
    log,
    now,
  });
  const sockets = settings.enabled ? openSockets(settings, handle, health, stack) : [];
  for (const socket of sockets) metrics.watch(socket);

  const ready = () => health.readiness() ?? machines.readiness();
  const ops = stack.use(await startOps(settings.opsAddr, { metrics: registry, ready }));
  const addresses = sockets.map(({ address, port }) => ({ host: formatIp4(address), port }));
  const listening = { addresses, ifaces: settings.ifaces, ops: ops.address };
  log.info(listening, settings.enabled ? 'DHCP listens' : 'DHCP is switched off (dhcp-enabled)');

  const resources = stack.move();
  return {
    addresses,
    opsAddress: ops.address,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function openSockets(
  settings: DhcpSettings,
  handle: DatagramHandler,
  health: SocketHealth,
  stack: AsyncDisposableStack,
): UdpSocket[] {
  const { onError } = health;
  const devices = settings.ifaces?.length ? settings.ifaces : [undefined];
  return devices.map((device) =>
    stack.use(
      openUdp({
        ...settings.addr,
        ...(device !== undefined && { device }),
        batch,
        handle,
        onError,
      }),
    ),
  );
}
