import { parseMac } from '#shared/mac.ts';
import { addressOfMachine, macOfMachine } from '../../bench/records.ts';
import { dhcpHandler } from './dhcp-handler.ts';
import { ip } from './dhcp-request.ts';
import { type FakeMachines, machine } from './machines.ts';

/** The records of the benchmarks' fleet, as a provisioner at this address has them. */
function fleet(machines: number, server: string): FakeMachines {
  const known = new Map(
    Array.from({ length: machines }, (_, number) => {
      const mac = parseMac(macOfMachine(number))!;
      const address = addressOfMachine(number);
      const dhcp = { mac, address, hostname: `machine-${number}`, gateway: ip(server) };
      return [mac, machine({ name: `machine-${number}`, dhcp })] as const;
    }),
  );
  return {
    ready: true,
    readiness: () => ({ ready: true }),
    byMac: (mac) => known.get(mac),
    byIp: () => [],
  };
}

/** What smee answers to the fleet. */
export function fleetHandler(machines: number, server: string) {
  return dhcpHandler({ machines: fleet(machines, server) }).handle;
}
