import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { loadLoaders } from '#shared/assets/ipxe.ts';
import { type HostPort, hostPort } from '#shared/config.ts';
import { messageOf, SmeeError } from '#shared/errors.ts';
import type { Reporter } from '#shared/events/event.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { formatIp4 } from '#shared/ip4.ts';
import type { Readiness } from '#shared/ops.ts';
import type { Context } from '#shared/run.ts';
import { startTracing } from '#shared/trace/tracing.ts';
import { createApp } from './app.ts';
import type { HttpSettings } from './config.ts';
import { limits, silentConnections } from './limits.ts';
import { loadIdentities, type TlsIdentities } from './tls.ts';

export interface HttpService extends AsyncDisposable {
  /** The real ones, also when port 0 was asked for. */
  readonly addresses: readonly HostPort[];
  /** Where HTTPS is served; empty without a certificate. */
  readonly secureAddresses: readonly HostPort[];
}

/**
 * Listens on every address of `http-addr`, with a certificate for HTTPS, too. Stops by taking no new request, finishing those in flight, and closing what is
 * left after `limits.drain`.
 * @param reporter where it tells what happens; undefined: nowhere
 * @throws {SmeeError} EADDRINUSE, EACCES, EADDRNOTAVAIL, … when an address cannot be had; {ConfigError} for a wrong folder
 *   or certificate
 */
export async function startHttp(
  context: Context<HttpSettings>,
  machines: Machines & { readiness(): Readiness },
  reporter?: Reporter,
): Promise<HttpService> {
  const { settings, log } = context;
  const hosts = settings.httpAddr?.length ? settings.httpAddr.map(formatIp4) : ['0.0.0.0'];
  const loaders = await loadLoaders(settings.ipxeDir, settings.ipxeScriptPatch);
  const tls = await loadIdentities(settings);
  if (tls !== undefined && !tls.kinds.includes('rsa'))
    log.warn({ kinds: tls.kinds }, 'iPXE speaks HTTPS only with an RSA certificate, and there is none');
  const doors = [
    ...hosts.map((host): Door => ({ host, port: settings.httpPort, tls: undefined })),
    ...(tls === undefined ? [] : hosts.map((host): Door => ({ host, port: settings.httpsBindPort, tls }))),
  ];
  const share = 1 / doors.length;
  const tracing = await startTracing(context, 'http');
  let stopping = false;
  const routes = createApp({
    ...context,
    machines,
    loaders,
    share,
    stopping: () => stopping,
    tracing,
    reporter,
  });
  const { app, anotherServer } = routes;
  await app.ready();

  const servers: readonly Server[] = doors.map((door, at) =>
    at === 0 ? app.server : anotherServer(door.tls),
  );
  const silent = servers.map(silentConnections);
  const stop = async () => {
    stopping = true;
    for (const socket of silent.flatMap((each) => [...each.values()])) socket.destroy();
    const deadline = setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, limits.drain);
    await Promise.all([app.close(), ...servers.slice(1).map(close)]);
    clearTimeout(deadline);
    await routes[Symbol.asyncDispose]();
    await tracing?.[Symbol.asyncDispose]();
  };

  try {
    const bound: HostPort[] = [];
    for (const [at, door] of doors.entries()) {
      const server = servers[at] ?? app.server;
      const listening =
        server === app.server
          ? app.listen({ host: door.host, port: door.port, backlog: limits.backlog })
          : listen(server, door);
      await listening.catch(cannotListen(door));
      bound.push(addressOf(server, door.host));
    }
    const [addresses, secureAddresses] = [bound.slice(0, hosts.length), bound.slice(hosts.length)];
    const { artifactDir: artifacts } = settings;
    reporter?.know(async () => ({
      addresses: addresses.map(hostPort.print).join(','),
      'secure-addresses': secureAddresses.map(hostPort.print).join(','),
      loaders: (await loaders.present()).join(','),
      artifacts: (await artifactsIn(settings.artifactDir)).join(','),
    }));
    log.info({ addresses, secureAddresses, loaders: loaders.folder, artifacts }, 'listening');
    return { addresses, secureAddresses, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One address to listen on. */
interface Door {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsIdentities | undefined;
}

async function listen(server: Server, { host, port }: Door): Promise<void> {
  server.listen({ host, port, backlog: limits.backlog });
  await once(server, 'listening');
}

/** Names that are told of the artifact folder. */
const mostArtifacts = 200;

/**
 * The artifact folder, for who wants to know why a kernel is not found: its files, its folders with a slash behind them, and `…` where
 * there is more than that.
 */
async function artifactsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).toSorted();
  const plain = names.filter((name) => !name.includes(',')).slice(0, mostArtifacts);
  return plain.length === names.length ? plain : [...plain, '…'];
}

function cannotListen({ host, port, tls }: Door) {
  return (error: unknown): never => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'listen';
    const what = code === 'EADDRINUSE' ? 'is taken by another program' : messageOf(error);
    const [name, variable] =
      tls === undefined ? ['HTTP', 'SMEE_HTTP_PORT'] : ['HTTPS', 'SMEE_HTTPS_BIND_PORT'];
    throw new SmeeError(code, `${name} on ${host}:${port}: ${what} (SMEE_HTTP_ADDR, ${variable})`, {
      cause: error,
    });
  };
}

function addressOf(server: Server, host: string): HostPort {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new SmeeError('listen', `no port for ${host}`);
  return { host, port: bound.port };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
