import { parseMac } from '#shared/mac.ts';
import type { Violations } from './collect.ts';
import type { DhcpRecord } from './record.ts';
import * as rules from './rules.ts';

// An option holds 63 addresses; more would be a mistake, not a network.
const maxServers = 63;
const maxRoutes = 63;

/** Every violation of what DHCP is to give to an interface. */
export function checkDhcp(path: string, dhcp: DhcpRecord, violations: Violations): void {
  const check = (field: string, value: string | undefined, rule: rules.Rule) =>
    violations.check(`${path}.${field}`, value, rule);
  violations.require(`${path}.mac`, dhcp.mac, rules.mac);
  check('hostname', dhcp.hostname, rules.domainName);
  check('domain_name', dhcp.domainName, rules.domainName);
  if (dhcp.leaseTime === 0) violations.add(`${path}.lease_time`, 'must be at least 1 second, or absent');
  violations.each(`${path}.name_servers`, dhcp.nameServers, maxServers, rules.ip4);
  violations.each(`${path}.time_servers`, dhcp.timeServers, maxServers, rules.ip4);
  check('arch', dhcp.arch, rules.arch);
  check('iface_name', dhcp.ifaceName, rules.line(255));
  check('ip.address', dhcp.ip?.address, rules.hostAddress);
  check('ip.netmask', dhcp.ip?.netmask, rules.netmask);
  check('ip.gateway', dhcp.ip?.gateway, rules.hostAddress);
  if (dhcp.ip?.family !== undefined && dhcp.ip.family !== 4)
    violations.add(`${path}.ip.family`, 'must be 4 or absent: only IPv4 is served');
  check('vlan_id', dhcp.vlanId, rules.vlanId);
  const routes = dhcp.classlessStaticRoutes;
  violations.atMost(`${path}.classless_static_routes`, routes, maxRoutes);
  for (const [at, route] of routes.slice(0, maxRoutes).entries()) {
    const field = `${path}.classless_static_routes[${at}]`;
    violations.require(`${field}.destination_descriptor`, route.destinationDescriptor, rules.cidr);
    violations.require(`${field}.router`, route.router, rules.ip4);
  }
  check('tftp_server_name', dhcp.tftpServerName, rules.line(255));
  check('boot_file_name', dhcp.bootFileName, rules.line(255));
  violations.each(`${path}.domain_search`, dhcp.domainSearch, maxServers, rules.domainName);
  check('broadcast_address', dhcp.broadcastAddress, rules.ip4);
}

/** The MAC in lower case with colons. */
export function canonicalMac<D extends DhcpRecord>(dhcp: D): D {
  const mac = parseMac(dhcp.mac ?? '');
  return mac === undefined ? dhcp : { ...dhcp, mac };
}
