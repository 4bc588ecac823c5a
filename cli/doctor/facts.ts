import type { Ip4 } from '#shared/ip4.ts';

/**
 * What the probes saw, and nothing of what it means: decide/ says that. A probe that could not look leaves its fact undefined or its
 * list empty, and says so in `unseen`.
 */
export type ServiceName = 'hardware' | 'dhcp' | 'tftp' | 'http' | 'syslog';

/** Who has a port. */
export interface Holder {
  /** undefined: not to be seen by this user. */
  readonly pid: number | undefined;
  /** The program's name; empty when it cannot be seen. */
  readonly name: string;
  /** `published`: a container's port, forwarded to this host. */
  readonly kind: 'ours' | 'published' | 'foreign' | 'hidden';
}

/** A port that a service should have. */
export interface PortFact {
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
  readonly holders: readonly Holder[];
  /** Whether this user may bind to it. */
  readonly allowed: boolean;
}

export interface ServiceFact {
  readonly service: ServiceName;
  /** What its /readyz said. */
  readonly state: 'ready' | 'not-ready' | 'silent';
  /** Its reason for not being ready, or why nothing was heard. */
  readonly why: string;
  /** Where it was asked. */
  readonly asked: string;
  /** The port that settings give it. */
  readonly wanted: PortFact;
  /** The port that it really has, where `smee up` says so. */
  readonly actual: number | undefined;
}

export interface Network {
  readonly address: Ip4;
  readonly prefix: number;
}

export interface InterfaceFact {
  readonly name: string;
  /** The kernel's index; 0 when it does not exist. */
  readonly index: number;
  readonly exists: boolean;
  readonly up: boolean;
  readonly networks: readonly Network[];
  /** Networks that are reached by routes through it, those by the default route left out. */
  readonly routed: readonly Network[];
  readonly mtu: number;
  /** A bridge that a machine could be plugged into at once: no spanning tree, no VLAN filter. */
  readonly openBridge: boolean;
}

/** One interface of one record. */
export interface RecordFact {
  readonly name: string;
  readonly mac: string;
  readonly address: Ip4 | undefined;
  readonly gateway: Ip4 | undefined;
  readonly timeServers: readonly Ip4[];
  /** It may boot by what we send it. */
  readonly boots: boolean;
  /** As the record writes it. */
  readonly arch: string;
  readonly uefi: boolean;
  /** Its own loader. */
  readonly binary: string | undefined;
}

/** What a record, served or not, claims for itself. */
export interface ClaimFact {
  readonly name: string;
  readonly mac: string;
  readonly address: Ip4 | undefined;
}

/** Records as they stand in files, where the hardware service reads them from there. */
export interface FileFact {
  readonly claims: readonly ClaimFact[];
  /** `rack1.yaml, line 14: …` */
  readonly problems: readonly string[];
}

export interface HardwareFact {
  readonly where: string;
  /** Why it does not answer; undefined when it does. */
  readonly failure: string | undefined;
  /** It is expected on this host. */
  readonly local: boolean;
  /** undefined when it did not answer. */
  readonly records: readonly RecordFact[] | undefined;
  /** Architectures of the latest boots, by name (shared/arch.ts). */
  readonly seenArchitectures: readonly string[];
  /** When the last event of a boot happened, in milliseconds since 1970. */
  readonly lastBoot: number | undefined;
}

/** One TFTP server, asked by an independent client. */
export interface TftpFact {
  readonly where: string;
  readonly port: number;
  readonly answers: boolean;
  /** Blocks of 1468 bytes, by curl, where one of 512 came: undefined when that was not tried. */
  readonly largeBlocks: boolean | undefined;
}

export interface LoaderFact {
  readonly file: string;
  /** `x64 UEFI (record node1)` */
  readonly neededBy: string;
  readonly there: boolean;
  /** Where it is missing. */
  readonly where: string;
  /** TFTP itself said so; else the folder was looked into, as far as settings name it. */
  readonly served: boolean;
}

/** One answer to our DISCOVER. */
export interface OfferFact {
  readonly interface: string;
  /** Where the packet came from. */
  readonly from: Ip4;
  /** Option 54. */
  readonly serverId: string;
  readonly mac: string | undefined;
  /** 0.0.0.0: no address, a boot only (proxyDHCP). */
  readonly offered: string;
  /** It names a boot file or a boot server. */
  readonly boots: boolean;
}

/** What a machine on this interface saw: a namespace of our own, plugged into the bridge. */
export interface GuestFact {
  readonly interface: string;
  readonly server: string;
  readonly port: number;
  readonly small: boolean;
  readonly large: boolean;
}

/** What the rules of this host do with a packet that comes in by an interface; undefined when they cannot be known for sure. */
export interface RuleFact {
  readonly interface: string;
  readonly service: ServiceName;
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
  readonly verdict: 'accepted' | 'dropped' | 'unsure';
  /** The rule, or the policy, that drops it. */
  readonly rule: string;
}

/** A live host on an interface, pinged with fragments forbidden. */
export interface PathFact {
  readonly interface: string;
  readonly host: string;
  /** The interface's MTU, in bytes of IP. */
  readonly mtu: number;
  /** The largest packet that came back, in bytes of IP. */
  readonly passes: number;
}

/** What another clock says. */
export interface ClockFact {
  /** `NTP server 192.0.2.1` */
  readonly source: string;
  /** `clock`: it tells the time. `past`: a time that cannot lie in the future. */
  readonly kind: 'clock' | 'past';
  /** Its time minus ours, in milliseconds. */
  readonly ahead: number;
  /** It is a clock that is kept: NTP, not a battery. */
  readonly kept: boolean;
}

export interface DiskFact {
  readonly path: string;
  readonly freeBytes: number;
  readonly freePart: number;
}

/** A server that DHCP names to machines, by settings. */
export interface NamedServerFact {
  readonly what: string;
  readonly where: string;
  readonly answers: boolean;
}

export interface Facts {
  readonly mode: 'reservation' | 'proxy' | 'auto-proxy';
  /** Interfaces that real machines hang on. */
  readonly interfaces: readonly InterfaceFact[];
  readonly ownAddresses: readonly Ip4[];
  readonly services: readonly ServiceFact[];
  /** Devices that this user may not bind to. */
  readonly deniedDevices: readonly string[];
  readonly hardware: HardwareFact;
  /** undefined: they are in a database. */
  readonly files: FileFact | undefined;
  readonly tftp: readonly TftpFact[];
  readonly loaders: readonly LoaderFact[];
  readonly offers: readonly OfferFact[];
  readonly guests: readonly GuestFact[];
  readonly rules: readonly RuleFact[];
  readonly paths: readonly PathFact[];
  readonly clocks: readonly ClockFact[];
  readonly disks: readonly DiskFact[];
  readonly named: readonly NamedServerFact[];
}
