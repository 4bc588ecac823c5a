import { networkInterfaces } from 'node:os';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { messageOf } from '#shared/errors.ts';
import type { BootClient } from '#shared/events/client.ts';
import type { HardwareClient } from '#shared/hardware/client.ts';
import { addOpsRoutes } from '#shared/ops.ts';
import type { Context } from '#shared/run.ts';
import type { Access } from './access.ts';
import type { Audience } from './audience.ts';
import type { DashboardSettings } from './config.ts';
import { isOwnHost } from './decide/host.ts';
import type { Feed } from './feed.ts';
import { explainBoot, listBoots, readFleet, readStory } from './handlers/boots.ts';
import { createRecord, editRecord, readRecord, suggest } from './handlers/records.ts';
import { securityHeaders } from './headers.ts';
import type { Limits } from './limits.ts';
import type { DashboardMetrics } from './metrics.ts';
import { loadPage, type PageFile } from './page-files.ts';
import { RequestRefused, refusalOf } from './refusal.ts';
import { shared } from './shared-answer.ts';
import type { ApiError } from './wire/api.ts';

export interface Dashboard extends Context<DashboardSettings> {
  readonly boots: BootClient;
  readonly hardware: HardwareClient;
  readonly feed: Feed;
  readonly audience: Audience;
  readonly access: Access;
  readonly limits: Limits;
  readonly counters: DashboardMetrics;
}

/** The routes, and what surrounds each request: by which name it comes, what goes wrong, and the headers of every answer. */
export function createApp(dashboard: Dashboard): FastifyInstance {
  const { settings, log, feed, metrics, counters, limits } = dashboard;
  const page = loadPage();
  const headers = securityHeaders(page.inlineScript);
  const names = new Set([...ownAddresses(), ...(settings.dashboardHosts ?? [])]);

  const { body: bodyLimit, request: requestTimeout } = limits;
  const app = fastify({ logger: false, bodyLimit, requestTimeout, forceCloseConnections: true });
  // Only JSON, so that no form of another site can speak to us.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    if (kindOf(request) !== 'ops' && !isOwnHost(request.headers.host, names))
      throw new RequestRefused(
        421,
        'foreign-host',
        'This dashboard does not go by that name: ask for it by an address of its host, or name it in SMEE_DASHBOARD_HOSTS.',
      );
  });
  app.addHook('onResponse', async (request, reply) => {
    counters.requests.inc({ kind: kindOf(request), status: reply.statusCode });
  });
  app.setErrorHandler((error, request, reply) => {
    const { refusal, expected } = refusalOf(error);
    if (!expected) log.error({ peer: request.ip, error: messageOf(error) }, 'a request failed');
    return refuse(reply, refusal);
  });
  app.setNotFoundHandler((_request, reply) =>
    refuse(reply, new RequestRefused(404, 'not-found', 'There is no such page.')),
  );

  addOpsRoutes(app, {
    metrics,
    ready: () =>
      feed.link.connected ? { ready: true } : { ready: false, why: 'the hardware service does not answer' },
  });
  for (const [path, file] of page.files) app.get(path, (request, reply) => sendFile(request, reply, file));
  addApi(app, dashboard);
  return app;
}

function addApi(app: FastifyInstance, dashboard: Dashboard): void {
  const { boots, hardware, limits, feed, audience } = dashboard;
  const fleet = shared(() => readFleet(boots), limits.fleet);
  // Whoever sees the page may be a moment behind; nobody keeps what he saw.
  app.addHook('onSend', async (request, reply) => {
    if (kindOf(request) === 'api') reply.header('cache-control', 'no-store');
  });
  app.get('/api/fleet', fleet);
  app.get('/api/boots', ({ query }) => listBoots(boots, query));
  app.get('/api/boot', ({ query }) => readStory(boots, query));
  app.get('/api/explain', ({ query }) => explainBoot(boots, query));
  app.get('/api/suggest', ({ query }) => suggest(hardware, query));
  app.get('/api/record', (request) => {
    const trusted = request.headers.authorization !== undefined;
    if (trusted) needToken(dashboard, request);
    return readRecord(hardware, request.query, trusted);
  });
  app.post('/api/token', async (request, reply) => {
    needToken(dashboard, request);
    return reply.code(204).send();
  });
  app.post('/api/record', async (request, reply) => {
    needToken(dashboard, request);
    const created = await createRecord(hardware, request.body);
    tellChange(dashboard, request, created.name, 'record created');
    return reply.code(201).send(created);
  });
  app.put('/api/record', async (request) => {
    needToken(dashboard, request);
    const edited = await editRecord(hardware, request.body);
    tellChange(dashboard, request, edited.name, 'record changed');
    return edited;
  });
  // Not for HEAD: a stream without a body would take a place for nothing.
  app.get('/api/stream', { exposeHeadRoute: false }, (request, reply) => {
    if (audience.full)
      throw new RequestRefused(
        503,
        'too-many-streams',
        'So many pages are open that this one is not told live.',
      );
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      ...reply.getHeaders(),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // For a proxy before us that would collect what should be seen at once.
      'x-accel-buffering': 'no',
    } as Record<string, string>);
    const lastId = request.headers['last-event-id'];
    feed.join(raw, typeof lastId === 'string' ? lastId : undefined);
  });
}

/** @throws {RequestRefused} when the request does not carry the token */
function needToken({ access, counters, log }: Dashboard, request: FastifyRequest): void {
  const shown = access.check(request.headers.authorization, request.ip);
  if (shown === 'right') return;
  if (shown === 'no-token-set')
    throw new RequestRefused(
      403,
      'read-only',
      'This dashboard only reads: SMEE_DASHBOARD_TOKEN_FILE names no token with which it could be told to change records.',
    );
  if (shown === 'none')
    throw new RequestRefused(401, 'token-needed', 'This needs the token of the dashboard.');
  counters.wrongTokens.inc();
  log.warn({ peer: request.ip, shown }, 'a wrong token');
  if (shown === 'limited')
    throw new RequestRefused(
      429,
      'token-limited',
      'Too many wrong tokens came from this address: wait ten seconds.',
    );
  throw new RequestRefused(401, 'token-wrong', 'This is not the token of the dashboard.');
}

/** Who changes a record decides what a machine runs. */
function tellChange({ log }: Dashboard, request: FastifyRequest, name: string, what: string): void {
  log.info({ peer: request.ip, name }, what);
}

function refuse(reply: FastifyReply, { status, code, message }: RequestRefused): FastifyReply {
  const body: ApiError = { error: code, message };
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 429 || status === 503) reply.header('retry-after', '10');
  return reply.code(status).send(body);
}

function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, body, etag }: PageFile,
): FastifyReply {
  // Asked again each time, and answered in a line: a new release shows at the next look.
  reply.headers({ etag, 'cache-control': 'no-cache' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type(type).send(body);
}

function kindOf({ url }: FastifyRequest): 'api' | 'stream' | 'ops' | 'page' {
  if (url.startsWith('/api/stream')) return 'stream';
  if (url.startsWith('/api/')) return 'api';
  return ['/healthz', '/readyz', '/metrics'].includes(url) ? 'ops' : 'page';
}

/** IPv6 in brackets, as a Host header has it. */
function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flat()
    .flatMap((one) => (one === undefined ? [] : [one.family === 'IPv6' ? `[${one.address}]` : one.address]));
}
