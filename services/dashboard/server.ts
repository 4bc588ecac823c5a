import type { HostPort } from '#shared/config.ts';
import { ConfigError, messageOf, SmeeError } from '#shared/errors.ts';
import { connectBoots } from '#shared/events/client.ts';
import { connectHardware } from '#shared/hardware/client.ts';
import type { Context } from '#shared/run.ts';
import { readTokenFile } from '#shared/token.ts';
import { Access } from './access.ts';
import { createApp } from './app.ts';
import { Audience } from './audience.ts';
import type { DashboardSettings } from './config.ts';
import { Feed } from './feed.ts';
import { type Limits, limits as usualLimits } from './limits.ts';
import { dashboardMetrics } from './metrics.ts';

export interface DashboardService extends AsyncDisposable {
  /** The real one, also when port 0 was asked for. */
  readonly address: HostPort;
}

/**
 * Serves the page and its API. The hardware service may be away, now or later: the page says so, and goes on when it is back.
 * @throws {ConfigError} about the token file or the certificates; {SmeeError} EADDRINUSE, EACCES, … when the address cannot be had
 */
export async function startDashboard(
  context: Context<DashboardSettings>,
  changed: Partial<Limits> = {},
): Promise<DashboardService> {
  const { settings, log, metrics } = context;
  const limits = { ...usualLimits, ...changed };
  const problems: string[] = [];
  const token = readTokenFile('SMEE_DASHBOARD_TOKEN_FILE', settings.dashboardTokenFile, problems);
  if (problems.length > 0) throw new ConfigError(problems);

  await using stack = new AsyncDisposableStack();
  const hardware = stack.use(connectHardware(settings));
  const boots = stack.use(connectBoots(settings));
  const counters = dashboardMetrics(metrics);
  const access = new Access(token, limits.wrongTokens);
  const audience = new Audience(limits, counters);
  const { writable } = access;
  const feed = new Feed({ boots, audience, log, metrics: counters, limits, writable });
  const app = createApp({ ...context, boots, hardware, feed, audience, access, limits, counters });
  app.server.maxConnections = limits.connections;
  stack.defer(async () => await app.close());
  // Before the server, which waits for its streams.
  stack.use(feed);

  const { dashboardAddr: wanted } = settings;
  await app.listen(wanted).catch(cannotListen(wanted));
  const bound = app.server.address();
  const address = {
    host: wanted.host,
    port: typeof bound === 'object' && bound !== null ? bound.port : wanted.port,
  };
  log.info({ address, writable }, 'listening');
  if (!isLoopback(wanted.host))
    log.warn(
      { address },
      'everybody who reaches this address may read what the dashboard shows, over plain HTTP',
    );
  const owned = stack.move();
  return { address, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Literally: a name (even localhost) may lead elsewhere. */
function isLoopback(host: string): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) || host === '::1';
}

function cannotListen({ host, port }: HostPort) {
  return (error: unknown): never => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'listen';
    const what = code === 'EADDRINUSE' ? 'is taken by another program' : messageOf(error);
    throw new SmeeError(code, `the dashboard on ${host}:${port}: ${what} (SMEE_DASHBOARD_ADDR)`, {
      cause: error,
    });
  };
}
