import { Counter, type Registry } from 'prom-client';
import type { Reason } from '#shared/boot/reasons.ts';
import type { UdpSocket, UdpStats } from '#shared/udp/engine.ts';
import { smeeMetrics } from './smee-metrics.ts';

/** Outcomes, not requests: every packet by its type, what was said, and why. Each label is a closed set. */
export function dhcpMetrics(registry: Registry) {
  const tallies = new Map<string, Tally>();
  new Counter({
    name: 'smee_dhcp_exchanges_total',
    help: 'Packets by message type, what was said to them (OFFER, ACK, NAK, silent), and reason.',
    labelNames: ['type', 'said', 'why'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { type, said, why, count } of tallies.values()) this.inc({ type, said, why }, count);
    },
  });
  smeeMetrics(registry, () => tallies.values());
  const leftOut = new Counter({
    name: 'smee_dhcp_left_out_options_total',
    help: 'Options that did not fit into a reply.',
    registers: [registry],
  });
  const sockets: UdpSocket[] = [];
  for (const [stat, name, help] of socketCounters) addSocketCounter(registry, sockets, stat, name, help);

  return {
    leftOut,
    /** Counts one packet, in a number of our own: the labels are looked at when somebody asks for the metrics. */
    count(type: string, said: string, why: Reason): Tally {
      const key = `${type} ${said} ${why}`;
      let tally = tallies.get(key);
      if (tally === undefined) {
        tally = { type, said, why, count: 0 };
        tallies.set(key, tally);
      }
      tally.count++;
      return tally;
    },
    /** The counters of this socket are part of the metrics from now on. */
    watch(socket: UdpSocket): void {
      sockets.push(socket);
    },
  };
}

/** How many packets had one outcome; whoever has one more of them adds one. */
export interface Tally {
  readonly type: string;
  readonly said: string;
  readonly why: Reason;
  count: number;
}

export type DhcpMetrics = ReturnType<typeof dhcpMetrics>;

const socketCounters: readonly (readonly [stat: keyof UdpStats, name: string, help: string])[] = [
  ['received', 'received', 'Datagrams received.'],
  ['sent', 'sent', 'Datagrams sent.'],
  ['droppedByKernel', 'dropped_by_kernel', 'Datagrams that the kernel dropped before we read them.'],
  ['sendErrors', 'send_errors', 'Datagrams that could not be sent.'],
  ['truncated', 'truncated', 'Datagrams longer than the receive buffer.'],
  ['handlerErrors', 'handler_errors', 'Datagrams that made the handler throw: mistakes of ours.'],
];

/** The engine counts by itself; the value is read when somebody asks for the metrics. */
function addSocketCounter(
  registry: Registry,
  sockets: readonly UdpSocket[],
  stat: keyof UdpStats,
  name: string,
  help: string,
): void {
  new Counter({
    name: `smee_dhcp_${name}_total`,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(sockets.reduce((sum, socket) => sum + socket.stats[stat], 0));
    },
  });
}
