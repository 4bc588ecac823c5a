import type { DhcpMode } from '#shared/boot/mode.ts';
import type { Machine, Machines } from '#shared/hardware/machine.ts';
import { type Ip4, parseIp4 } from '#shared/ip4.ts';
import type { Mac } from '#shared/mac.ts';
import type { ScriptSettings } from '#shared/script/decide.ts';
import type { Here } from '../../../dhcp/decide/settings.ts';
import type { AreaSettings } from '../../../http/decide/area.ts';
import type { MountSettings } from '../../../http/decide/iso-mount.ts';
import type { SiteSettings } from '../../../tftp/decide/site.ts';

/** What a folder holds, as a service has told it; undefined: it has not. */
export type Names = ReadonlySet<string> | undefined;

/** Everything that a boot depends on, as values: the records, and each service's settings and surroundings. */
export interface World {
  /** Who boots. */
  readonly mac: Mac;
  /** The record of that machine, and those that share its address. */
  readonly machines: readonly Machine[];
  /** false: nobody could look for them. */
  readonly synced: boolean;
  /** Why the record that was asked for is not among the machines. */
  readonly leftOut: LeftOut | undefined;
  /** When and as what it was heard of last; undefined: never. */
  readonly heard: string | undefined;
  readonly dhcp: DhcpWorld;
  readonly tftp: TftpWorld;
  readonly http: HttpWorld;
}

/** A record that is not served, because another one has what it claims. */
export interface LeftOut {
  readonly name: string;
  /** `ip 10.0.0.7 is taken by rack1-node01 (rack1.yaml, line 3)` */
  readonly what: string;
}

interface DhcpWorld {
  readonly enabled: boolean;
  readonly settings: Here['settings'];
  /** The address that it has where the machine asks. */
  readonly address: Ip4;
  /** All addresses of its host. */
  readonly addresses: ReadonlySet<Ip4>;
  readonly missingLoaders: ReadonlySet<string>;
}

interface TftpWorld {
  readonly settings: ScriptSettings &
    SiteSettings & {
      readonly dhcpMode: DhcpMode;
      readonly tftpEnabled: boolean;
      readonly tftpKnownClientsOnly: boolean;
    };
  /** Every name that is a loader's, there or not. */
  readonly knownLoaders: ReadonlySet<string>;
  readonly loaders: Names;
  readonly hasAssets: boolean;
}

interface HttpWorld {
  readonly settings: AreaSettings &
    ScriptSettings &
    MountSettings & { readonly dhcpMode: DhcpMode; readonly isoEnabled: boolean };
  readonly knownLoaders: ReadonlySet<string>;
  readonly loaders: Names;
  readonly hasAssets: boolean;
  readonly artifacts: Names;
  /** Where it listens. */
  readonly ports: ReadonlySet<number>;
}

/** Addresses that stand for one that nobody knows (RFC 5737: they are nobody's). */
export const standIns = { server: parseIp4('192.0.2.1') ?? 1, machine: parseIp4('192.0.2.77') ?? 1 } as const;

/** The records as services look them up. */
export function machinesIn({ machines, synced }: World): Machines {
  return {
    ready: synced,
    byMac: (mac) => machines.find(({ dhcp }) => dhcp.mac === mac),
    byIp: (address) => machines.filter(({ dhcp }) => dhcp.address === address),
  };
}

/** The record of who boots. */
export function machineIn(world: World): Machine | undefined {
  return machinesIn(world).byMac(world.mac);
}
