import type { QuirkName } from '../boot/quirks.ts';
import type { Cidr, Ip4 } from '../ip4.ts';
import type { Mac } from '../mac.ts';

/**
 * One network interface of one hardware record, as every service decides about it: parsed once, when the record arrives,
 * so that a decision never parses and never fails. `convert.ts` makes it from the contract's `Hardware`.
 */
export interface Machine {
  /** The record's name. */
  readonly name: string;
  /** The record's revision. */
  readonly revision: number;
  readonly agentId: string | undefined;
  readonly facility: string | undefined;
  /** What the record says of its firmware; undefined: judge by what it looks like. */
  readonly quirks: readonly QuirkName[] | undefined;
  readonly dhcp: Lease;
  readonly netboot: Netboot;
  readonly isoSource: string | undefined;
}

/** What DHCP gives to the interface. */
export interface Lease {
  readonly mac: Mac;
  /** true: DHCP says nothing to this interface. */
  readonly disabled: boolean;
  /** A record may lack an address: it is then known to the HTTP routes by MAC, and DHCP cannot serve it. */
  readonly address: Ip4 | undefined;
  readonly netmask: Ip4 | undefined;
  readonly gateway: Ip4 | undefined;
  readonly broadcast: Ip4 | undefined;
  /** Seconds. */
  readonly leaseTime: number;
  readonly hostname: string | undefined;
  readonly domainName: string | undefined;
  readonly domainSearch: readonly string[];
  readonly nameServers: readonly Ip4[];
  readonly timeServers: readonly Ip4[];
  readonly routes: readonly StaticRoute[];
  readonly arch: string | undefined;
  readonly vlanId: string | undefined;
  readonly tftpServerName: string | undefined;
  readonly bootFileName: string | undefined;
}

export interface StaticRoute {
  readonly destination: Cidr;
  readonly router: Ip4;
}

/** May it boot from the network, and what? */
export interface Netboot {
  readonly allowed: boolean;
  readonly scriptUrl: string | undefined;
  readonly scriptContents: string | undefined;
  /** The machine's own loader, over the architecture map. */
  readonly binary: string | undefined;
  readonly osie: Osie;
  readonly pxelinuxConfig: string | undefined;
  readonly rpi: Rpi | undefined;
}

interface Osie {
  readonly baseUrl: string | undefined;
  readonly kernel: string | undefined;
  readonly initrd: string | undefined;
  readonly kernelParams: readonly string[];
}

interface Rpi {
  readonly serialNum: string;
  readonly firmwarePath: string;
  readonly configTxt: string | undefined;
}

/** Lease time of a record that names none: one week, so that a machine outlives a long weekend without its provisioner. */
export const defaultLeaseTime = 604_800;

/** How a service looks machines up: synchronous, from memory. The replica is one; tests make others. */
export interface Machines {
  /** Not yet filled by a first sync or a snapshot: "unknown" means nothing then. */
  readonly ready: boolean;
  /** Another number as soon as any record is another. Absent: nobody knows, look each time. */
  readonly version?: number;
  byMac(mac: Mac): Machine | undefined;
  /** Every machine with that address: two are a conflict that the caller must refuse to guess about. */
  byIp(address: Ip4): readonly Machine[];
}
