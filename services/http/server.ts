import { once } from 'node:events';
import type { Server } from 'node:http';
import { loadLoaders } from '#shared/assets/ipxe.ts';
import type { HostPort } from '#shared/config.ts';
import { messageOf, SmeeError } from '#shared/errors.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { formatIp4 } from '#shared/ip4.ts';
import type { Readiness } from '#shared/ops.ts';
import type { Context } from '#shared/run.ts';
import { createApp } from './app.ts';
import type { HttpSettings } from './config.ts';
import { limits, silentConnections } from './limits.ts';

export interface HttpService extends AsyncDisposable {
  /** The real ones, also when port 0 was asked for. */
  readonly addresses: readonly HostPort[];
}

/**
 * Listens on every address of `http-addr`. Stops by taking no new request, finishing those in flight, and closing what is
 * left after `limits.drain`.
 * @throws {SmeeError} EADDRINUSE, EACCES, EADDRNOTAVAIL, … when an address cannot be had; {ConfigError} for a wrong folder
 */
export async function startHttp(
  context: Context<HttpSettings>,
  machines: Machines & { readiness(): Readiness },
): Promise<HttpService> {
  const { settings, log } = context;
  const hosts = settings.httpAddr?.length ? settings.httpAddr.map(formatIp4) : ['0.0.0.0'];
  const loaders = await loadLoaders(settings.ipxeDir, settings.ipxeScriptPatch);
  const share = 1 / hosts.length;
  let stopping = false;
  const routes = createApp({
    ...context,
    machines,
    loaders,
    share,
    stopping: () => stopping,
  });
  const { app, anotherServer } = routes;
  await app.ready();

  const servers: readonly Server[] = hosts.map((_host, at) => (at === 0 ? app.server : anotherServer()));
  const silent = servers.map(silentConnections);
  const stop = async () => {
    stopping = true;
    for (const socket of silent.flatMap((each) => [...each])) socket.destroy();
    const deadline = setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, limits.drain);
    await Promise.all([app.close(), ...servers.slice(1).map(close)]);
    clearTimeout(deadline);
    routes[Symbol.dispose]();
  };

  try {
    const addresses: HostPort[] = [];
    for (const [at, server] of servers.entries()) {
      const host = hosts[at] ?? '';
      if (at === 0) await app.listen({ host, port: settings.httpPort }).catch(cannotListen(host, settings));
      else await listen(server, host, settings.httpPort).catch(cannotListen(host, settings));
      addresses.push(addressOf(server, host));
    }
    log.info({ addresses, loaders: loaders.folder, artifacts: settings.artifactDir }, 'listening');
    return { addresses, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port });
  await once(server, 'listening');
}

function cannotListen(host: string, { httpPort }: HttpSettings) {
  return (error: unknown): never => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'listen';
    const what = code === 'EADDRINUSE' ? 'is taken by another program' : messageOf(error);
    throw new SmeeError(code, `HTTP on ${host}:${httpPort}: ${what} (SMEE_HTTP_ADDR, SMEE_HTTP_PORT)`, {
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
