import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { jobMetrics } from '#shared/job-metrics.ts';
import { lossCounter } from '#shared/udp/losses.ts';

export type TftpMetrics = ReturnType<typeof tftpMetrics>;

/** Every metric of the service. `why` is a reason of docs/errors.md. */
export function tftpMetrics(registry: Registry) {
  const registers = [registry];
  return {
    jobs: jobMetrics(registry, 'tftp'),
    /** Whose losses are counted. */
    observeSockets: lossCounter(registry, 'tftp'),
    requests: new Counter({
      name: 'smee_tftp_requests_total',
      help: 'Requests by how they ended: ok, or the reason why not.',
      labelNames: ['why'] as const,
      registers,
    }),
    dropped: new Counter({
      name: 'smee_tftp_packets_dropped_total',
      help: 'Packets that belong to nothing, do not follow the format, or come from whom we do not answer.',
      labelNames: ['why'] as const,
      registers,
    }),
    active: new Gauge({
      name: 'smee_tftp_transfers_active',
      help: 'Transfers under way.',
      registers,
    }),
    bytes: new Counter({
      name: 'smee_tftp_sent_bytes_total',
      help: 'Bytes of files sent in blocks, repeated ones included.',
      registers,
    }),
    retransmits: new Counter({
      name: 'smee_tftp_retransmits_total',
      help: 'Packets sent again because no acknowledgement came or one asked for them.',
      registers,
    }),
    duration: new Histogram({
      name: 'smee_tftp_transfer_duration_seconds',
      help: 'From the request to the last acknowledgement, of transfers that ended well.',
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300],
      registers,
    }),
  };
}
