import { Counter, type Registry } from 'prom-client';
import type { UdpSocket, UdpStats } from './engine.ts';

const stats: Readonly<Record<string, keyof UdpStats>> = {
  kernel: 'droppedByKernel',
  send: 'sendErrors',
  truncated: 'truncated',
  handler: 'handlerErrors',
};

/**
 * Makes the counter of what a service's sockets lose. It reads the sockets' own counters, when somebody asks.
 * @param service `tftp`
 * @returns to be told which sockets they are
 */
export function lossCounter(registry: Registry, service: string): (listening: readonly UdpSocket[]) => void {
  let sockets: readonly UdpSocket[] = [];
  new Counter({
    name: `smee_${service}_datagrams_lost_total`,
    help: 'Datagrams lost at the listening sockets, by how: kernel (buffer full), send, truncated, handler.',
    labelNames: ['how'],
    registers: [registry],
    collect() {
      this.reset();
      for (const socket of sockets)
        for (const [how, stat] of Object.entries(stats)) this.inc({ how }, socket.stats[stat]);
    },
  });
  return (listening) => {
    sockets = listening;
  };
}
