import type { FastifyRequest } from 'fastify';

/** What a request is for: a label of the metrics, and who asks by which name matters less to monitoring. */
export function kindOf({ routeOptions, url: asked }: FastifyRequest): 'api' | 'stream' | 'ops' | 'page' {
  // The route's own, however the request spells it (`/%61pi/boots`).
  const { url = asked } = routeOptions;
  if (url.startsWith('/api/stream')) return 'stream';
  if (url.startsWith('/api/')) return 'api';
  return ['/healthz', '/readyz', '/metrics'].includes(url) ? 'ops' : 'page';
}
