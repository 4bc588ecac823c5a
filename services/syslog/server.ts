import { type HostPort, hostPort } from '#shared/config.ts';
import type { Reporter } from '#shared/events/event.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { anyAddress, formatIp4 } from '#shared/ip4.ts';
import { type Readiness, startOps } from '#shared/ops.ts';
import type { Context } from '#shared/run.ts';
import { SocketHealth } from '#shared/udp/health.ts';
import { openUdp } from '#shared/udp/open.ts';
import type { SyslogSettings } from './config.ts';
import { createHandler } from './handler.ts';
import { syslogMetrics } from './metrics.ts';

/** The largest datagram that UDP carries is taken whole; so large ones come in smaller batches. */
const buffers = { maxDatagram: 65_535, batch: 16 } as const;

export interface SyslogService extends AsyncDisposable {
  /** Where it listens, also when port 0 was asked for; none when syslog is off. */
  readonly addresses: readonly HostPort[];
  readonly opsAddress: HostPort;
}

/**
 * Starts the syslog receiver.
 * @param reporter where it tells what it hears; undefined: nowhere
 * @throws {SmeeError} when an address or port cannot be had
 */
export async function startSyslog(
  { settings, log, metrics: registry }: Context<SyslogSettings>,
  machines: Machines & { readiness(): Readiness },
  reporter?: Reporter,
): Promise<SyslogService> {
  await using stack = new AsyncDisposableStack();
  const metrics = syslogMetrics(registry);
  const handle = createHandler({ machines, log, metrics, reporter, now: () => performance.now() });
  const health = new SocketHealth(log);
  const { onError } = health;

  const wanted = settings.syslogEnabled ? (settings.syslogAddr ?? [anyAddress]) : [];
  const sockets = wanted.map((address) =>
    stack.use(openUdp({ ...buffers, address, port: settings.syslogPort, handle, onError })),
  );
  metrics.observeSockets(sockets);
  stack.use(health.watch(sockets));
  const ops = stack.use(
    await startOps(settings.syslogOpsAddr, {
      metrics: registry,
      ready: () => health.readiness() ?? machines.readiness(),
    }),
  );

  const addresses = sockets.map(({ address, port }) => ({ host: formatIp4(address), port }));
  reporter?.know(() => ({ addresses: addresses.map(hostPort.print).join(',') }));
  log.info({ addresses, ops: ops.address }, settings.syslogEnabled ? 'receiving syslog' : 'syslog is off');
  const owned = stack.move();
  return { addresses, opsAddress: ops.address, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
