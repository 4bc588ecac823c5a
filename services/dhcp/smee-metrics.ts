import { Counter, type Registry } from 'prom-client';
import { type MessageType, messageTypes } from './wire/codes.ts';

/** How many packets of one type had one outcome. */
export interface Outcomes {
  /** Option 53, or what stands in its place. */
  readonly type: string;
  /** OFFER, ACK, NAK or silent. */
  readonly said: string;
  readonly count: number;
}

/**
 * Metrics that Smee has, with its names, for dashboards that were made for it: our own outcomes, counted once and read again when
 * somebody asks. Without Smee's `giaddr`: any sender could make up new ones.
 */
export function smeeMetrics(registry: Registry, outcomes: () => Iterable<Outcomes>): void {
  const rows: readonly Row[] = [
    {
      name: 'dhcp_total',
      help: "Smee's name: DHCP packets received (op recv) and sent (op send), by type.",
      labelNames: ['op', 'type'],
      labels: ({ type, said }) => [
        ...(isMessageType(type) ? [{ op: 'recv', type: `DHCP${type}` }] : []),
        ...(said === 'silent' ? [] : [{ op: 'send', type: `DHCP${said}` }]),
      ],
    },
    {
      name: 'discover_total',
      help: "Smee's name: look-ups of a hardware record for a packet. They are in memory, so neither their duration nor their progress is measured.",
      labelNames: ['from'],
      labels: ({ type }) => (isMessageType(type) ? [{ from: 'dhcp' }] : []),
    },
    {
      name: 'jobs_total',
      help: "Smee's name: packets answered, or left unanswered for a reason, by type. One is answered before the next is looked at, so none is seen in progress.",
      labelNames: ['from', 'op'],
      labels: ({ type }) => (isMessageType(type) ? [{ from: 'dhcp', op: `DHCP${type}` }] : []),
    },
  ];
  for (const { name, help, labelNames, labels } of rows) {
    new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        for (const one of outcomes()) for (const values of labels(one)) this.inc(values, one.count);
      },
    });
  }
}

interface Row {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly labels: (one: Outcomes) => readonly Record<string, string>[];
}

function isMessageType(type: string): type is MessageType {
  return Object.hasOwn(messageTypes, type);
}
