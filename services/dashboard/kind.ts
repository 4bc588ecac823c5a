import type { FastifyRequest } from 'fastify';

/** What a request is for: a label of the metrics, and who asks by which name matters less to monitoring. */
export function kindOf({ url }: FastifyRequest): 'api' | 'stream' | 'ops' | 'page' {
  if (url.startsWith('/api/stream')) return 'stream';
  if (url.startsWith('/api/')) return 'api';
  return ['/healthz', '/readyz', '/metrics'].includes(url) ? 'ops' : 'page';
}
