import { Counter, type Registry } from 'prom-client';
import type { UdpSocket } from '#shared/udp/engine.ts';

export type SyslogMetrics = ReturnType<typeof syslogMetrics>;

/** Every metric of the service. `why` is a reason of docs/errors.md. */
export function syslogMetrics(registry: Registry) {
  const registers = [registry];
  let sockets: readonly UdpSocket[] = [];
  new Counter({
    name: 'smee_syslog_datagrams_lost_total',
    help: 'Datagrams lost at the listening sockets, by how: kernel (buffer full), truncated, handler.',
    labelNames: ['how'],
    registers,
    collect() {
      this.reset();
      for (const { stats } of sockets) {
        this.inc({ how: 'kernel' }, stats.droppedByKernel);
        this.inc({ how: 'truncated' }, stats.truncated);
        this.inc({ how: 'handler' }, stats.handlerErrors);
      }
    },
  });
  return {
    messages: new Counter({
      name: 'smee_syslog_messages_total',
      help: 'Messages by what became of them: ok (logged), malformed (logged raw, at debug), or dropped for a rate limit.',
      labelNames: ['why'] as const,
      registers,
    }),
    /** Whose losses are counted. */
    observeSockets(listening: readonly UdpSocket[]): void {
      sockets = listening;
    },
  };
}
