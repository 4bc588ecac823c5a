import { defaultLeaseTime, type Lease, type Machine } from '#shared/hardware/machine.ts';
import type { Step } from './step.ts';
import { standIns, type World } from './world.ts';

/** Worlds in which one thing is another. */

/** The same world with another record for who boots. */
export function withMachine(world: World, change: (machine: Machine) => Machine): World {
  return {
    ...world,
    machines: world.machines.map((one) => (one.dhcp.mac === world.mac ? change(one) : one)),
  };
}

/** With a record for who boots that holds no more than it must. */
export function withNewcomer(world: World): World {
  const others = world.machines.filter(({ dhcp }) => dhcp.mac !== world.mac);
  const newcomer: Machine = {
    name: 'a new record',
    revision: 0,
    agentId: undefined,
    facility: undefined,
    quirks: undefined,
    dhcp: leaseOf(world),
    netboot: {
      allowed: true,
      scriptUrl: undefined,
      scriptContents: undefined,
      binary: undefined,
      osie: { baseUrl: undefined, kernel: undefined, initrd: undefined, kernelParams: [] },
      pxelinuxConfig: undefined,
      rpi: undefined,
    },
    isoSource: undefined,
  };
  return { ...world, leftOut: undefined, machines: [...others, newcomer] };
}

function leaseOf({ mac }: World): Lease {
  return {
    mac,
    disabled: false,
    address: standIns.machine,
    netmask: undefined,
    gateway: undefined,
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
  };
}

export function switchedOn(world: World, service: Step['service']): World {
  if (service === 'dhcp') return { ...world, dhcp: { ...world.dhcp, enabled: true } };
  return { ...world, tftp: { ...world.tftp, settings: { ...world.tftp.settings, tftpEnabled: true } } };
}

export function withDhcp(world: World, settings: Partial<World['dhcp']['settings']>): World {
  return { ...world, dhcp: { ...world.dhcp, settings: { ...world.dhcp.settings, ...settings } } };
}

export function withHttp(world: World, settings: Partial<World['http']['settings']>): World {
  return { ...world, http: { ...world.http, settings: { ...world.http.settings, ...settings } } };
}

export function withLoader(world: World, name: string): World {
  const { dhcp, tftp, http } = world;
  const there = (names: ReadonlySet<string> | undefined) => names && new Set([...names, name]);
  return {
    ...world,
    dhcp: {
      ...dhcp,
      missingLoaders: new Set([...dhcp.missingLoaders].filter((missing) => missing !== name)),
    },
    tftp: { ...tftp, loaders: there(tftp.loaders), knownLoaders: new Set([...tftp.knownLoaders, name]) },
    http: { ...http, loaders: there(http.loaders), knownLoaders: new Set([...http.knownLoaders, name]) },
  };
}

/** Without the texts that lines of scripts and ISOs are made of. */
export function harmless(machine: Machine): Machine {
  const { dhcp, netboot } = machine;
  return {
    ...machine,
    agentId: undefined,
    facility: undefined,
    dhcp: { ...dhcp, arch: undefined, vlanId: undefined, hostname: undefined, domainSearch: [] },
    netboot: {
      ...netboot,
      scriptUrl: undefined,
      osie: { baseUrl: undefined, kernel: undefined, initrd: undefined, kernelParams: [] },
    },
  };
}
