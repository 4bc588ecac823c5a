import { type FastifyInstance, fastify } from 'fastify';
import type { Registry } from 'prom-client';
import type { HostPort } from './config.ts';

/** Whether a service can do its work now; `why` says what is missing. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly why: string };

export interface OpsSources {
  readonly metrics: Registry;
  /** Asked at every /readyz. */
  readonly ready: () => Readiness;
}

/** `/healthz` (alive), `/readyz` (in sync and answering: 200 or 503), `/metrics` (Prometheus) on an existing server. */
export function addOpsRoutes(app: FastifyInstance, { metrics, ready }: OpsSources): void {
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const state = ready();
    return reply.code(state.ready ? 200 : 503).send(state);
  });
  app.get('/metrics', async (_request, reply) => {
    return reply.type(metrics.contentType).send(await metrics.metrics());
  });
}

export interface OpsServer extends AsyncDisposable {
  /** The real one, also when port 0 was asked for. */
  readonly address: HostPort;
}

/** An HTTP server of its own for the services that speak no HTTP. Rejects when the address is taken. */
export async function startOps(address: HostPort, sources: OpsSources): Promise<OpsServer> {
  const app = fastify({ forceCloseConnections: true });
  addOpsRoutes(app, sources);
  await app.listen(address);
  const bound = app.server.address();
  return {
    address: {
      host: address.host,
      port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    },
    [Symbol.asyncDispose]: async () => await app.close(),
  };
}
