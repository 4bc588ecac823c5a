import { Counter, type Registry } from 'prom-client';
import { lossCounter } from '#shared/udp/losses.ts';

export type SyslogMetrics = ReturnType<typeof syslogMetrics>;

/** Every metric of the service. `why` is a reason of docs/errors.md. */
export function syslogMetrics(registry: Registry) {
  const registers = [registry];
  return {
    messages: new Counter({
      name: 'smee_syslog_messages_total',
      help: 'Messages by what became of them: ok (logged), malformed (logged raw, at debug), or dropped for a rate limit.',
      labelNames: ['why'] as const,
      registers,
    }),
    /** Whose losses are counted. */
    observeSockets: lossCounter(registry, 'syslog'),
  };
}
