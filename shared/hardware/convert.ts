import { parseQuirks, type QuirkName, quirksLabel } from '../boot/quirks.ts';
import type { Dhcp__Output as Dhcp } from '../generated/smee/hardware/v1/Dhcp.ts';
import type { Interface__Output as Interface } from '../generated/smee/hardware/v1/Interface.ts';
import type { Netboot__Output as ContractNetboot } from '../generated/smee/hardware/v1/Netboot.ts';
import { type Ip4, parseCidr, parseIp4, prefixLength } from '../ip4.ts';
import { type Mac, parseMac } from '../mac.ts';
import type { Hardware } from './contract.ts';
import { defaultLeaseTime, type Lease, type Machine, type Netboot, type StaticRoute } from './machine.ts';

/** A field of a record that could not be read and was left out. */
interface FieldProblem {
  /** As in the contract: `interfaces[0].dhcp.ip.netmask`. */
  readonly field: string;
  /** The end of a sentence: "must be an IPv4 address". Never holds the value. */
  readonly what: string;
}

export interface Converted {
  /** One per interface that has a MAC, in the record's order. */
  readonly machines: readonly Machine[];
  readonly problems: readonly FieldProblem[];
}

type Report = (field: string, what: string) => void;

/**
 * The machines of a record. Never fails: a field that cannot be read is left out and reported, because half a record boots
 * more machines than none. The hardware service refuses such records; files and older stores may still hold them.
 */
export function toMachines(record: Hardware): Converted {
  const problems: FieldProblem[] = [];
  const shared = {
    name: record.name ?? '',
    revision: record.revision ?? 0,
    agentId: given(record.agentId),
    facility: given(record.metadata?.facility?.facilityCode),
    quirks: readQuirks(record.labels?.[quirksLabel], (field, what) => problems.push({ field, what })),
  };
  const machines = record.interfaces.flatMap((one, at) => {
    const report: Report = (field, what) => problems.push({ field: `interfaces[${at}].${field}`, what });
    const mac = readMac(one.dhcp?.mac, report);
    if (mac === undefined) return [];
    const dhcp = toLease(mac, one, report);
    return [{ ...shared, dhcp, netboot: toNetboot(one.netboot), isoSource: given(one.isoboot?.sourceIso) }];
  });
  return { machines, problems };
}

function readQuirks(text: string | undefined, report: Report): readonly QuirkName[] | undefined {
  if (given(text) === undefined) return undefined;
  const { quirks, unknown } = parseQuirks(text ?? '');
  if (unknown.length > 0) report(`labels[${quirksLabel}]`, 'names a quirk that there is not');
  return quirks;
}

function readMac(text: string | undefined, report: Report): Mac | undefined {
  if (given(text) === undefined) return undefined;
  const mac = parseMac(text ?? '');
  if (mac === undefined) report('dhcp.mac', 'must be a MAC address; the interface is left out');
  return mac;
}

function toLease(mac: Mac, { dhcp, disableDhcp }: Interface, report: Report): Lease {
  const address = (field: string, text: string | undefined) => readAddress(`dhcp.${field}`, text, report);
  return {
    mac,
    disabled: disableDhcp ?? false,
    address: address('ip.address', dhcp?.ip?.address),
    netmask: readMask(dhcp?.ip?.netmask, report),
    gateway: address('ip.gateway', dhcp?.ip?.gateway),
    broadcast: address('broadcast_address', dhcp?.broadcastAddress),
    // Go's zero value: a record with 0 is one that names none.
    leaseTime: dhcp?.leaseTime || defaultLeaseTime,
    hostname: given(dhcp?.hostname),
    domainName: given(dhcp?.domainName),
    domainSearch: orNone((dhcp?.domainSearch ?? []).filter((domain) => domain !== '')),
    nameServers: readAddresses('name_servers', dhcp?.nameServers, report),
    timeServers: readAddresses('time_servers', dhcp?.timeServers, report),
    routes: readRoutes(dhcp?.classlessStaticRoutes, report),
    arch: given(dhcp?.arch),
    vlanId: given(dhcp?.vlanId),
    tftpServerName: given(dhcp?.tftpServerName),
    bootFileName: given(dhcp?.bootFileName),
  };
}

function toNetboot(netboot: ContractNetboot | undefined): Netboot {
  const { ipxe, osie, rpi } = netboot ?? {};
  const serialNum = given(rpi?.serialNum);
  const firmwarePath = given(rpi?.firmwarePath);
  return {
    allowed: netboot?.allowPxe ?? false,
    scriptUrl: given(ipxe?.url),
    scriptContents: given(ipxe?.contents),
    binary: given(ipxe?.binary),
    osie: {
      baseUrl: given(osie?.baseUrl),
      kernel: given(osie?.kernel),
      initrd: given(osie?.initrd),
      kernelParams: orNone(osie?.kernelParams ?? []),
    },
    pxelinuxConfig: given(netboot?.pxelinux?.config),
    // Smee's Raspberry Pi route needs both.
    rpi:
      serialNum === undefined || firmwarePath === undefined
        ? undefined
        : { serialNum, firmwarePath, configTxt: given(rpi?.configTxt) },
  };
}

/** One for all: of a hundred thousand records most have no routes, no search list and no time servers. */
const none: readonly never[] = [];

function orNone<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? none : list;
}

/** The contract's plain strings are empty when absent. */
function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function readAddress(field: string, text: string | undefined, report: Report): Ip4 | undefined {
  if (text === undefined || text === '') return undefined;
  const address = parseIp4(text);
  if (address === undefined) report(field, 'must be an IPv4 address');
  return address;
}

function readMask(text: string | undefined, report: Report): Ip4 | undefined {
  const mask = readAddress('dhcp.ip.netmask', text, report);
  if (mask === undefined || prefixLength(mask) !== undefined) return mask;
  report('dhcp.ip.netmask', 'must be a contiguous mask such as 255.255.255.0');
  return undefined;
}

/** One bad entry does not end the list. */
function readAddresses(field: string, texts: readonly string[] | undefined, report: Report): readonly Ip4[] {
  return orNone((texts ?? []).flatMap((text, at) => readAddress(`dhcp.${field}[${at}]`, text, report) ?? []));
}

function readRoutes(
  routes: Dhcp['classlessStaticRoutes'] | undefined,
  report: Report,
): readonly StaticRoute[] {
  const read = (routes ?? []).flatMap((route, at) => {
    const field = `dhcp.classless_static_routes[${at}]`;
    const destination = parseCidr(route.destinationDescriptor ?? '');
    if (destination === undefined) {
      report(`${field}.destination_descriptor`, 'must be a network such as 10.20.0.0/16');
    }
    const router = parseIp4(route.router ?? '');
    if (router === undefined) report(`${field}.router`, 'must be an IPv4 address');
    return destination === undefined || router === undefined ? [] : [{ destination, router }];
  });
  return orNone(read);
}
