import type { BootEvent } from '#shared/events/event.ts';

/** What of an event without a MAC may tell whose it is, the strongest first; prefixed, so that no two kinds are mixed up. */
export function tracesOf({ traceId, xid, clientUuid, address }: BootEvent): readonly string[] {
  return [
    ...(traceId === undefined ? [] : [`trace ${traceId}`]),
    ...(clientUuid === undefined ? [] : [`uuid ${clientUuid}`]),
    ...(xid === undefined || xid === 0 ? [] : [`xid ${xid}`]),
    ...(address === undefined || address === '0.0.0.0' ? [] : [`address ${address}`]),
  ];
}

/**
 * Whose event it is: the first trace of it that leads to one machine with a boot under way. One that leads to two (boards that
 * share a UUID, an address behind NAT) says nothing, and the next is asked.
 * @param machines of a trace: who has a boot under way and left it
 */
export function whose(event: BootEvent, machines: (trace: string) => Iterable<string>): string | undefined {
  for (const trace of tracesOf(event)) {
    const [mac, other] = machines(trace);
    if (other === undefined && mac !== undefined) return mac;
  }
  return undefined;
}
