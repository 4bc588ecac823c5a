import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Dashboard } from './app.ts';
import { explainBoot, listBoots, readFleet, readStory } from './handlers/boots.ts';
import { createRecord, editRecord, readRecord, suggestRecord } from './handlers/records.ts';
import { kindOf } from './kind.ts';
import { RequestRefused } from './refusal.ts';
import { shared } from './shared-answer.ts';

/** The questions of the page, and what it changes. */
export function addApi(app: FastifyInstance, dashboard: Dashboard): void {
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
  app.get('/api/suggest', ({ query }) => suggestRecord(hardware, query));
  app.get('/api/record', (request) => {
    // Where no token is set any more, a page that still has one reads like everybody.
    const trusted =
      dashboard.access.writable && request.headers.authorization?.startsWith('Bearer ') === true;
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
  // Not of those: whoever tries without end writes no log without end.
  if (shown === 'limited')
    throw new RequestRefused(
      429,
      'token-limited',
      'Too many wrong tokens came from this address: wait ten seconds.',
    );
  log.warn({ peer: request.ip }, 'a wrong token');
  throw new RequestRefused(401, 'token-wrong', 'This is not the token of the dashboard.');
}

/** Who changes a record decides what a machine runs. */
function tellChange({ log }: Dashboard, request: FastifyRequest, name: string, what: string): void {
  log.info({ peer: request.ip, name }, what);
}
