import type { BenchLab } from './bench-lab.ts';
import { type Asked, ownLoad, pacedLoad } from './dhcp-generators.ts';
import type { Figures } from './scenario.ts';
import { askMetrics, sumOf } from './service-metrics.ts';

const counters = {
  received: 'smee_dhcp_received_total',
  dropped: 'smee_dhcp_dropped_by_kernel_total',
  answered: 'smee_dhcp_exchanges_total',
  failed: 'smee_dhcp_send_errors_total',
};

/** A socket sends itself one every two seconds. */
const mostProbes = 3;

type Counts = Readonly<Record<keyof typeof counters, number>>;

/**
 * Far more than smee can take, by the clock: how many machines get through all the same, and whether each datagram that was sent is
 * either answered or counted as dropped.
 *
 * @param top exchanges per second that smee holds
 */
export async function overload(lab: BenchLab, smee: Asked, top: number, seconds: number): Promise<Figures> {
  const before = await count(lab);
  const paced = await pacedLoad(lab, smee, top * 2, seconds);
  const after = await count(lab);
  // The kernel tells of what it dropped with the next datagram that it hands over.
  const last = await ownLoad(lab, smee, 0.1);
  const { received, dropped } = difference(await count(lab), before);
  const { answered, failed } = difference(after, before);
  const asked = paced.sent + last.sent;
  // The socket's own probes (shared/udp/self-probe.ts) are counted when they are dropped, and never else.
  const more = received + dropped - asked;
  const unreceived = more > 0 && more <= mostProbes ? 0 : Math.abs(more);
  const unanswered = answered - failed - paced.answers - paced.lostByLoad;
  return {
    'overload begun': paced.begun,
    'overload begun / top': paced.begun / top,
    'overload rate': paced.rate,
    'overload rate / top': paced.rate / top,
    'overload p99': paced.p99 / 1000,
    'overload dropped': (dropped / asked) * 100,
    'overload failed': failed,
    'overload lost by load': paced.lostByLoad,
    'overload unaccounted': unreceived + Math.abs(unanswered),
  };
}

async function count(lab: BenchLab): Promise<Counts> {
  const { dhcp = {} } = await askMetrics(lab.prov, 'dhcp');
  return mapped((counter) => sumOf(dhcp, counters[counter]));
}

const difference = (after: Counts, before: Counts) => mapped((counter) => after[counter] - before[counter]);

function mapped(value: (counter: keyof Counts) => number): Counts {
  return {
    received: value('received'),
    dropped: value('dropped'),
    answered: value('answered'),
    failed: value('failed'),
  };
}
