import { loadLoaders } from '#shared/assets/ipxe.ts';
import { type HostPort, hostPort } from '#shared/config.ts';
import { ConfigError } from '#shared/errors.ts';
import type { Reporter } from '#shared/events/event.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { anyAddress, formatIp4 } from '#shared/ip4.ts';
import { type Readiness, startOps } from '#shared/ops.ts';
import type { Context } from '#shared/run.ts';
import { startTracing } from '#shared/trace/tracing.ts';
import { SocketHealth } from '#shared/udp/health.ts';
import type { TftpSettings } from './config.ts';
import { FileCache } from './file-cache.ts';
import { TftpHandler } from './handler.ts';
import { tftpMetrics } from './metrics.ts';
import { listen } from './ports.ts';

/** How long transfers may go on after a stop, in milliseconds: shorter than a process may take to stop. */
const finishWithin = 8000;

export interface TftpService extends AsyncDisposable {
  /** Where it listens, also when port 0 was asked for; none when TFTP is off. */
  readonly addresses: readonly HostPort[];
  readonly opsAddress: HostPort;
}

/**
 * Starts the TFTP service.
 * @param reporter where it tells what happens; undefined: nowhere
 * @throws {ConfigError} for settings that cannot work, of loaders or together
 * @throws {SmeeError} when an address or port cannot be had
 */
export async function startTftp(
  context: Context<TftpSettings>,
  machines: Machines & { readiness(): Readiness },
  reporter?: Reporter,
): Promise<TftpService> {
  const { settings, log, metrics: registry } = context;
  checkAudience(settings);
  await using stack = new AsyncDisposableStack();
  const tracing = stack.use(await startTracing(context, 'tftp'));
  const metrics = tftpMetrics(registry);
  const loaders = await loadLoaders(settings.ipxeDir, settings.ipxeScriptPatch);
  const missing = await loaders.missing();
  if (missing.length > 0)
    log.warn({ why: 'loader-missing', folder: loaders.folder, missing }, 'loaders are missing');

  const cache = new FileCache();
  const shelves = { loaders, assetDir: settings.tftpAssetDir, cache, machines, settings };
  const handler = new TftpHandler({ settings, shelves, log, metrics, tracing, reporter });
  const health = new SocketHealth(log);
  const { onError } = health;

  const wanted = settings.tftpAddr?.length ? settings.tftpAddr : [anyAddress];
  const { tftpEnabled, tftpPort: port, tftpSinglePort: singlePort } = settings;
  const sockets = (tftpEnabled ? wanted : []).map((address) =>
    stack.use(listen(handler, { address, port, singlePort, onError })),
  );
  metrics.observeSockets(sockets);
  stack.use(health.watch(sockets));
  stack.defer(() => handler.reads.stop(finishWithin));
  const ready = () => health.readiness() ?? machines.readiness();
  const ops = stack.use(await startOps(settings.tftpOpsAddr, { metrics: registry, ready }));

  const addresses = sockets.map((socket) => ({ host: formatIp4(socket.address), port: socket.port }));
  reporter?.know(async () => ({
    addresses: addresses.map(hostPort.print).join(','),
    loaders: (await loaders.present()).join(','),
  }));
  log.info({ addresses, ops: ops.address, loaders: loaders.folder }, 'serving TFTP');
  const owned = stack.move();
  return { addresses, opsAddress: ops.address, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function checkAudience({ tftpEnabled, tftpKnownClientsOnly, noopEnabled }: TftpSettings): void {
  if (tftpEnabled && tftpKnownClientsOnly && noopEnabled) {
    throw new ConfigError([
      'tftp-known-clients-only: would answer nobody without records (backend-noop-enabled)',
    ]);
  }
}
