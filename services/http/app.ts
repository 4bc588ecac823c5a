import type { RequestListener, Server } from 'node:http';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Loaders } from '#shared/assets/ipxe.ts';
import { messageOf } from '#shared/errors.ts';
import type { Reporter } from '#shared/events/event.ts';
import { FetchesUnderWay } from '#shared/events/fetches.ts';
import { RepeatedEvents } from '#shared/events/repeated-events.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { addOpsRoutes, type Readiness } from '#shared/ops.ts';
import type { Context } from '#shared/run.ts';
import type { Tracing } from '#shared/trace/tracing.ts';
import { accountant } from './account.ts';
import type { HttpSettings } from './config.ts';
import { Connections } from './connections.ts';
import { areaOf, artifactPrefix } from './decide/area.ts';
import { isoPrefix } from './decide/iso-mount.ts';
import { type Deliver, deliverer, noteArrival } from './deliver.ts';
import { DirectArtifacts } from './direct-artifacts.ts';
import { DirectScripts } from './direct-scripts.ts';
import { OpenFiles } from './file/open-files.ts';
import { Sendfile } from './file/sendfile.ts';
import { SmallParts } from './file/small-parts.ts';
import { type Answer, refusal } from './handlers/answer.ts';
import { type Asked, machineAt, readAsked } from './handlers/asked.ts';
import { answerAsset } from './handlers/asset.ts';
import { answerFile, type Files } from './handlers/file.ts';
import { answerIso } from './handlers/iso.ts';
import { InFlight } from './in-flight.ts';
import { Mounts } from './iso/mounts.ts';
import { limitedServer, limits } from './limits.ts';
import { accountForRefused, refuseMalformed, refuseUnsafe } from './malformed.ts';
import { httpMetrics } from './metrics.ts';
import { addPhoneHome, mayPost } from './phone-home.ts';
import type { TlsIdentities } from './tls.ts';
import { WholeFiles } from './whole/whole-files.ts';

export interface Service extends Context<HttpSettings> {
  readonly machines: Machines & { readiness(): Readiness };
  readonly loaders: Loaders;
  /** Of the limit of connections, what each server takes. */
  readonly share: number;
  readonly stopping: () => boolean;
  /** undefined when there is no tracing. */
  readonly tracing: Tracing | undefined;
  /** undefined when the hardware service is told nothing. */
  readonly reporter: Reporter | undefined;
}

/** Disposed of once the last answer is out: closes the connections to other servers. */
export interface App extends AsyncDisposable {
  readonly app: FastifyInstance;
  /** A further server in front of the same routes, with the same limits: fastify itself listens once, without TLS. */
  anotherServer(tls: TlsIdentities | undefined): Server;
}

/** The routes, and what surrounds each request: who asks, what goes wrong, how it is answered. */
export function createApp(service: Service): App {
  const { settings, log, machines, stopping, tracing, reporter } = service;
  const metrics = httpMetrics(service.metrics);
  const wholeFiles = new WholeFiles(settings.artifactDir, log);
  const fetches = reporter && new FetchesUnderWay((event) => reporter.tell(event));
  const account = accountant({ log, metrics, machines, tracing, reporter, wholeFiles });
  const inFlight = new InFlight({ account, metrics, stopping, fetches });
  const sendfile = Sendfile.load();
  const files = { open: new OpenFiles(), small: new SmallParts(sendfile?.calls) };
  const deliver = deliverer({ inFlight, stopping, sendfile });
  const repeated = reporter && new RepeatedEvents(reporter, () => performance.now());
  const scripts = new DirectScripts({ settings, machines, metrics, account, stopping, tracing, repeated });
  const artifacts = new DirectArtifacts({
    settings,
    machines,
    files,
    inFlight,
    stopping,
    tracing,
    sendfile,
  });
  const mounts = new Mounts({ settings, machines, log, metrics });
  const trusted = settings.trustedProxies ?? [];
  const refused = accountForRefused({
    log,
    metrics,
    reporter,
    machineAt: (from) => machineAt(machines, from),
  });
  const connections = new Connections(settings.httpMaxConnectionsPerClient, trusted, refused);
  const createServer = (listener: RequestListener, tls?: TlsIdentities): Server => {
    const direct: RequestListener = (request, response) => {
      if (scripts.answer(request, response)) return;
      const answering = artifacts.answer(request, response);
      if (answering === false) listener(request, response);
      else void answering.then((isAnswered) => isAnswered || listener(request, response));
    };
    const server = limitedServer(direct, service.share, refused, tls);
    connections.watch(server);
    return server;
  };

  const app = fastify({
    logger: false,
    trustProxy: trusted.length === 0 ? false : [...trusted],
    routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: limits.target },
    serverFactory: (listener) => createServer(listener),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: refuseMalformed(refused),
    // Before any hook: a target that cannot be decoded, or one too long.
    frameworkErrors: (error, request, reply) => {
      noteArrival(request);
      const why = error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? 'request-too-big' : 'bad-request';
      return deliver(request, reply, refusal('other', why));
    },
  });

  app.decorateRequest('askedAt', 0);
  app.decorateRequest('peer', '');
  app.decorateRequest('client', undefined);
  app.addHook('onRequest', async (request, reply) => {
    noteArrival(request);
    const no = refusalOf(request, stopping());
    return no === undefined ? undefined : deliver(request, reply, no);
  });
  app.setErrorHandler((error, request, reply) => {
    log.error({ peer: request.peer, error: messageOf(error) }, 'a request failed');
    return deliver(request, reply, refusal('other', 'internal-error'));
  });
  app.setNotFoundHandler((request, reply) => deliver(request, reply, refusal('other', 'not-found')));

  addOpsRoutes(app, { metrics: service.metrics, ready: () => machines.readiness() });
  app.get('/healthcheck', async () => healthcheck(settings.gitRev));
  app.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    handler: (request, reply) => respond({ ...service, mounts, files }, deliver, request, reply),
  });
  addPhoneHome(app, deliver, machines);
  const anotherServer = (tls: TlsIdentities | undefined) =>
    createServer(app.routing, tls)
      .on('clientError', refuseMalformed(refused))
      .on('tlsClientError', refuseUnsafe(refused));
  const dispose = async () => {
    await inFlight[Symbol.asyncDispose]();
    sendfile?.[Symbol.dispose]();
    mounts[Symbol.dispose]();
    files.open[Symbol.dispose]();
    repeated?.[Symbol.dispose]();
    await wholeFiles[Symbol.asyncDispose]();
  };
  return { app, anotherServer, [Symbol.asyncDispose]: dispose };
}

interface Routed extends Service {
  readonly mounts: Mounts;
  readonly files: Files;
}

async function respond(service: Routed, deliver: Deliver, request: FastifyRequest, reply: FastifyReply) {
  const asked = readAsked(request);
  const answer = asked === undefined ? refusal('other', 'bad-request') : await route(service, asked);
  const mac = answer.mac ?? machineAt(service.machines, asked?.client)?.dhcp.mac;
  return deliver(request, reply, { ...answer, mac });
}

/** Which handler: the first that fits. */
async function route(service: Routed, asked: Asked): Promise<Answer> {
  const { message, path } = asked;
  const { settings, mounts, files } = service;
  if (path.startsWith(artifactPrefix)) {
    const artifact = path.slice(artifactPrefix.length);
    return await answerFile('artifact', message, settings.artifactDir, artifact, files);
  }
  if (settings.isoEnabled && path.startsWith(isoPrefix)) return await answerIso(asked, mounts, settings);
  const area = areaOf(path, settings);
  return area === undefined ? refusal('other', 'not-found') : await answerAsset(asked, area, service);
}

/** Before any route: what no route answers. */
function refusalOf(request: FastifyRequest, stopping: boolean): Answer | undefined {
  if (stopping) return refusal('other', 'shutting-down');
  if (request.raw.url !== undefined && request.raw.url.length > limits.target) {
    return refusal('other', 'request-too-big');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD' && !mayPost(request)) {
    return refusal('other', 'method-not-allowed', { headers: { allow: 'GET, HEAD' } });
  }
  return undefined;
}

/** As Smee answers it; both spellings of the uptime, in seconds. */
function healthcheck(revision: string) {
  const seconds = process.uptime();
  return { git_rev: revision, uptime: seconds, uptime_seconds: seconds };
}
