import {
  defaultLeaseTime,
  type Lease,
  type Machine,
  type Machines,
  type Netboot,
} from '#shared/hardware/machine.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import type { Readiness } from '#shared/ops.ts';

/** What a boot service is given: look-ups, and whether they mean anything yet. */
export type FakeMachines = Machines & { readiness(): Readiness };

export type MachineParts = Partial<Omit<Machine, 'dhcp' | 'netboot'>> & {
  readonly dhcp?: Partial<Lease>;
  readonly netboot?: Partial<Netboot>;
};

/** A machine that may boot: 52:54:00:77:00:07 at 192.168.77.107/24, with what `parts` says instead. */
export function machine({ dhcp = {}, netboot = {}, ...parts }: MachineParts = {}): Machine {
  return {
    name: 'rack1-node07',
    revision: 1,
    agentId: undefined,
    facility: undefined,
    quirks: undefined,
    isoSource: undefined,
    ...parts,
    dhcp: {
      mac: parseMac('52:54:00:77:00:07')!,
      disabled: false,
      address: parseIp4('192.168.77.107'),
      netmask: parseIp4('255.255.255.0'),
      gateway: parseIp4('192.168.77.1'),
      broadcast: undefined,
      leaseTime: defaultLeaseTime,
      hostname: undefined,
      domainName: undefined,
      domainSearch: [],
      nameServers: [],
      timeServers: [],
      routes: [],
      arch: undefined,
      vlanId: undefined,
      tftpServerName: undefined,
      bootFileName: undefined,
      ...dhcp,
    },
    netboot: {
      allowed: true,
      scriptUrl: undefined,
      scriptContents: undefined,
      binary: undefined,
      osie: { baseUrl: undefined, kernel: undefined, initrd: undefined, kernelParams: [] },
      pxelinuxConfig: undefined,
      rpi: undefined,
      ...netboot,
    },
  };
}

/** Synced, and knows exactly these machines. */
export function fixedMachines(machines: readonly Machine[]): FakeMachines {
  return {
    ready: true,
    readiness: () => ({ ready: true }),
    byMac: (mac) => machines.find((one) => one.dhcp.mac === mac),
    byIp: (address) => machines.filter((one) => one.dhcp.address === address),
  };
}

/** Synced, and there is not one record: everybody is unknown. */
export const emptyMachines: FakeMachines = fixedMachines([]);

/** Neither a first sync nor a snapshot has come: nobody is unknown yet. */
export const notSynced: FakeMachines = {
  ready: false,
  readiness: () => ({ ready: false, why: 'no hardware records yet' }),
  byMac: () => undefined,
  byIp: () => [],
};
