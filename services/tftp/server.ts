import { loadLoaders } from '#shared/assets/ipxe.ts';
import type { HostPort } from '#shared/config.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { anyAddress, formatIp4, type Ip4 } from '#shared/ip4.ts';
import type { Readiness } from '#shared/ops.ts';
import { startOps } from '#shared/ops.ts';
import type { Context } from '#shared/run.ts';
import type { UdpSocket } from '#shared/udp/engine.ts';
import { openUdp } from '#shared/udp/open.ts';
import type { TftpSettings } from './config.ts';
import { TftpHandler } from './handler.ts';
import { tftpMetrics } from './metrics.ts';
import type { Origin, Way } from './read-requests.ts';

/** How long transfers may go on after a stop, in milliseconds: shorter than a process may take to stop. */
const finishWithin = 8000;

/** Buffers of a socket that serves one transfer: its packets are few and small. */
const ownPort = { batch: 8, maxDatagram: 1024, receiveBuffer: 64 * 1024 } as const;

export interface TftpService extends AsyncDisposable {
  /** Where it listens, also when port 0 was asked for; none when TFTP is off. */
  readonly addresses: readonly HostPort[];
  readonly opsAddress: HostPort;
}

/**
 * Starts the TFTP service.
 * @throws {ConfigError} for loader settings that cannot work
 * @throws {SmeeError} when an address or port cannot be had
 */
export async function startTftp(
  { settings, log, metrics: registry }: Context<TftpSettings>,
  machines: Machines & { readiness(): Readiness },
): Promise<TftpService> {
  await using stack = new AsyncDisposableStack();
  const metrics = tftpMetrics(registry);
  const loaders = await loadLoaders(settings.ipxeDir, settings.ipxeScriptPatch);
  const missing = await loaders.missing();
  if (missing.length > 0)
    log.warn({ why: 'loader-missing', folder: loaders.folder, missing }, 'loaders are missing');

  const shelves = { loaders, assetDir: settings.tftpAssetDir, machines };
  const handler = new TftpHandler({ settings, shelves, log, metrics });
  const onError = (error: Error) => log.error({ error: error.message }, 'socket failed');

  const wayOf =
    (listener: () => UdpSocket) =>
    (origin: Origin): Way => {
      if (settings.tftpSinglePort) return { send: (datagram) => listener().send(datagram), close() {} };
      const socket = openUdp({
        ...ownPort,
        address: origin.localAddress,
        port: 0,
        handle: (datagram, info) => handler.receiveOwn(datagram, info, origin),
        onError,
      });
      return { send: (datagram) => socket.send(datagram), close: () => void socket.close() };
    };
  const listen = (address: Ip4): UdpSocket => {
    const open = wayOf(() => socket);
    const socket: UdpSocket = openUdp({
      address,
      port: settings.tftpPort,
      handle: (datagram, info) => handler.receive(datagram, info, open),
      onError,
    });
    return stack.use(socket);
  };

  const sockets = settings.tftpEnabled ? (settings.tftpAddr ?? [anyAddress]).map(listen) : [];
  metrics.observeSockets(sockets);
  const ops = stack.use(
    await startOps(settings.tftpOpsAddr, { metrics: registry, ready: () => machines.readiness() }),
  );
  stack.defer(() => handler.reads.stop(finishWithin));

  const addresses = sockets.map(({ address, port }) => ({ host: formatIp4(address), port }));
  log.info({ addresses, ops: ops.address, loaders: loaders.folder }, 'serving TFTP');
  const owned = stack.move();
  return { addresses, opsAddress: ops.address, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
