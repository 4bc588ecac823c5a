import { parseIp4 } from '#shared/ip4.ts';
import type { Facts, InterfaceFact, PortFact, RecordFact, ServiceFact } from '../../cli/doctor/facts.ts';

/** What the probes see on a host where all is well: br0 with one record, every service ready. */
export const healthy: Facts = {
  mode: 'reservation',
  interfaces: [link('br0', '192.168.77.1')],
  ownAddresses: [ip('192.168.77.1'), ip('127.0.0.1')],
  services: [
    service('hardware', 'tcp', 50051),
    service('dhcp', 'udp', 67),
    service('tftp', 'udp', 69),
    service('http', 'tcp', 8080),
    service('syslog', 'udp', 514),
  ],
  deniedDevices: [],
  hardware: {
    where: '127.0.0.1:50051',
    failure: undefined,
    local: true,
    records: [recordFact('node7', '192.168.77.7')],
    seenArchitectures: [],
    lastBoot: undefined,
  },
  files: undefined,
  tftp: [{ where: '192.168.77.1', port: 69, answers: true, largeBlocks: true }],
  loaders: [],
  offers: [],
  guests: [],
  rules: [],
  paths: [],
  clocks: [],
  disks: [],
  named: [],
};

export function ip(text: string): number {
  return parseIp4(text)!;
}

export function link(name: string, address: string, more: Partial<InterfaceFact> = {}): InterfaceFact {
  const networks = [{ address: ip(address), prefix: 24 }];
  const rest = { index: 2, exists: true, up: true, routed: [], mtu: 1500, openBridge: false };
  return { name, networks, ...rest, ...more };
}

export function recordFact(name: string, address: string, more: Partial<RecordFact> = {}): RecordFact {
  const who = { name, mac: '52:54:00:77:00:07', address: ip(address), gateway: ip('192.168.77.1') };
  return { ...who, timeServers: [], boots: true, arch: 'x86_64', uefi: false, binary: undefined, ...more };
}

function service(
  name: ServiceFact['service'],
  protocol: PortFact['protocol'],
  port: number,
  more: Partial<ServiceFact> = {},
): ServiceFact {
  const holders = [{ pid: 7, name: 'node', kind: 'ours' }] as const;
  const asked = 'http://127.0.0.1:9100/readyz';
  const wanted = { protocol, port, holders, allowed: true };
  return { service: name, state: 'ready', why: '', asked, wanted, actual: undefined, ...more };
}

/** The same host, with some of its services in another state. */
export function withServices(changes: Partial<Record<ServiceFact['service'], Partial<ServiceFact>>>): Facts {
  return { ...healthy, services: healthy.services.map((one) => ({ ...one, ...changes[one.service] })) };
}

/** A service that nobody hears, and whose port is free, taken, or refused. */
export function silent(
  protocol: PortFact['protocol'],
  port: number,
  more: Partial<PortFact> = {},
): Partial<ServiceFact> {
  const wanted = { protocol, port, holders: [], allowed: true, ...more };
  return { state: 'silent', why: 'connect ECONNREFUSED', wanted };
}
