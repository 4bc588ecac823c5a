import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { messageOf } from '#shared/errors.ts';
import type { BootClient } from '#shared/events/client.ts';
import type { HardwareClient } from '#shared/hardware/client.ts';
import { addOpsRoutes } from '#shared/ops.ts';
import type { Context } from '#shared/run.ts';
import type { Access } from './access.ts';
import { addApi } from './api.ts';
import type { Audience } from './audience.ts';
import type { DashboardSettings } from './config.ts';
import { isOwnHost } from './decide/host.ts';
import type { Feed } from './feed.ts';
import { securityHeaders } from './headers.ts';
import { kindOf } from './kind.ts';
import type { Limits } from './limits.ts';
import type { DashboardMetrics } from './metrics.ts';
import { OwnNames } from './own-names.ts';
import { loadPage, type PageFile } from './page-files.ts';
import { RequestRefused, refusalOf } from './refusal.ts';
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
  const names = new OwnNames(settings.dashboardHosts ?? []);

  const { body: bodyLimit, request: requestTimeout } = limits;
  const app = fastify({
    logger: false,
    bodyLimit,
    requestTimeout,
    forceCloseConnections: true,
    // What is no URL (`/%zz`) is answered before any hook.
    frameworkErrors: (_error, _request, reply) => {
      void refuse(reply.headers(headers), new RequestRefused(400, 'bad-request', 'That is not a URL.'));
    },
  });
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
