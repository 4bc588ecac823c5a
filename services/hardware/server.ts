import { setMaxListeners } from 'node:events';
import { Server, type ServerInterceptor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation, protoPath as healthProto } from 'grpc-health-check';
import { formatHostPort, type HostPort } from '#shared/config.ts';
import { messageOf, SmeeError } from '#shared/errors.ts';
import { bootContract } from '#shared/events/contract.ts';
import { contract } from '#shared/hardware/contract.ts';
import { type Readiness, startOps } from '#shared/ops.ts';
import type { Context } from '#shared/run.ts';
import { bootCalls, bootService } from './boot-service.ts';
import { openBoots } from './boots/open.ts';
import { checkSettings } from './check.ts';
import type { HardwareSettings } from './config.ts';
import { Feed } from './feed.ts';
import { countCalls, requireToken } from './interceptors.ts';
import { hardwareMetrics } from './metrics.ts';
import { hardwareCalls, hardwareService } from './service.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';

// Reflection tells about the health service, too.
const healthContract = loadSync(healthProto);

const serviceNames = ['', 'smee.hardware.v1.HardwareService', 'smee.boot.v1.BootService'];

/** How long calls in flight may take to finish when the service stops, in milliseconds. */
const drainWithin = 3000;

/** Bounds that tests make smaller. */
const defaultLimits = {
  /** How long a watcher may take for one message, in milliseconds. */
  watchStall: 10_000,
};

export interface RunningHardware extends AsyncDisposable {
  readonly address: HostPort;
  readonly opsAddress: HostPort;
}

/**
 * Opens the store and serves the contract, health and reflection.
 * @throws {ConfigError} when the settings do not go together (who may call?)
 * @throws {SmeeError} `store`, `newer-database`, `bind`
 */
export async function startHardware(
  { settings, log, metrics: registry }: Context<HardwareSettings>,
  limits: Partial<typeof defaultLimits> = {},
): Promise<RunningHardware> {
  const { access, backend } = checkSettings(settings);
  await using stack = new AsyncDisposableStack();
  let readiness = (): Readiness => ({ ready: false, why: 'the store is not open yet' });
  const ops = stack.use(await startOps(settings.opsAddr, { metrics: registry, ready: () => readiness() }));
  const store = stack.use(await openStore(backend, log));
  const metrics = hardwareMetrics(registry, store, () => boots.keeper);
  const boots = stack.use(openBoots(settings, store, metrics, log));
  const feed = stack.use(new Feed(store));
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);

  const interceptors = [
    countCalls(metrics),
    ...(access.token === undefined ? [] : [requireToken(access.token, log)]),
  ];
  const server = createServer(interceptors);
  const health = new HealthImplementation(
    Object.fromEntries(serviceNames.map((name) => [name, 'SERVING' as const])),
  );
  const handling = {
    ...defaultLimits,
    ...limits,
    ...boots,
    store,
    feed,
    log,
    metrics,
    stop: stop.signal,
  };
  server.addService(hardwareService, hardwareCalls(handling));
  server.addService(bootService, bootCalls(handling));
  health.addToServer(server);
  new ReflectionService({ ...contract, ...bootContract, ...healthContract }).addToServer(server);
  stack.defer(async () => {
    readiness = () => ({ ready: false, why: 'the service is stopping' });
    for (const name of serviceNames) health.setStatus(name, 'NOT_SERVING');
    stop.abort();
    await drain(server);
  });

  const address = await bind(server, settings.bind, access.credentials);
  readiness = () => readable(store);
  log.info({ address, opsAddress: ops.address, store: store.id, revision: store.revision }, 'listening');
  const running = stack.move();
  return { address, opsAddress: ops.address, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function readable(store: Store): Readiness {
  try {
    void store.revision;
    return { ready: true };
  } catch (error) {
    return { ready: false, why: `the store cannot be read: ${messageOf(error)}` };
  }
}

/** HTTP/2 pings find watchers that are gone without a word (a cable, a firewall) within 40 seconds. */
function createServer(interceptors: ServerInterceptor[]): Server {
  return new Server({
    interceptors,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
  });
}

async function bind(
  server: Server,
  address: HostPort,
  credentials: Parameters<Server['bindAsync']>[1],
): Promise<HostPort> {
  const where = formatHostPort(address);
  const { promise, resolve, reject } = Promise.withResolvers<HostPort>();
  server.bindAsync(where, credentials, (error, port) => {
    if (error === null) resolve({ ...address, port });
    else reject(new SmeeError('bind', `cannot listen on ${where}: ${error.message}`, { cause: error }));
  });
  return await promise;
}

/** Lets calls in flight finish, but not for ever: gRPC's own shutdown has no deadline. */
async function drain(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    server.forceShutdown();
    resolve();
  }, drainWithin);
  server.tryShutdown(() => resolve());
  await promise;
  clearTimeout(timer);
}
