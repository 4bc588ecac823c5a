import type { Lease, StaticRoute } from '#shared/hardware/machine.ts';
import { broadcastOf, type Ip4 } from '#shared/ip4.ts';
import type { OptionValues } from '../wire/codes.ts';

/**
 * The options that configure the host, from its record. Option 55 is not looked at: all are sent, as Smee does, since
 * firmware asks for less than it uses.
 */
export function addressOptions(lease: Lease, syslog: Ip4): OptionValues {
  const { netmask, gateway } = lease;
  const domainName = some(lease.domainName);
  return {
    subnetMask: netmask,
    routers: gateway === undefined ? undefined : [gateway],
    nameServers: some(lease.nameServers),
    logServers: [syslog],
    hostName: some(lease.hostname),
    domainName,
    broadcastAddress: broadcastOfLease(lease),
    timeServers: some(lease.timeServers),
    domainSearch: some(lease.domainSearch) ?? (domainName === undefined ? undefined : [domainName]),
    staticRoutes: some(withDefault(lease.routes, gateway)),
  };
}

function broadcastOfLease({ broadcast, address, netmask }: Lease): Ip4 | undefined {
  if (broadcast !== undefined) return broadcast;
  return address === undefined || netmask === undefined ? undefined : broadcastOf(address, netmask);
}

/**
 * A client that understands option 121 must ignore option 3 (RFC 3442, "DHCP Client Behavior"): a record with routes and a
 * gateway would leave it without a default route, so the gateway is repeated among the routes.
 */
function withDefault(routes: readonly StaticRoute[], gateway: Ip4 | undefined): readonly StaticRoute[] {
  const hasDefault = routes.some(({ destination }) => destination.prefix === 0);
  if (routes.length === 0 || gateway === undefined || hasDefault) return routes;
  return [...routes, { destination: { network: 0, prefix: 0 }, router: gateway }];
}

/** An empty list or text is an absent option: an option of length 0 is malformed to many clients. */
function some<T extends string | readonly unknown[]>(value: T | undefined): T | undefined {
  return value === undefined || value.length === 0 ? undefined : value;
}
