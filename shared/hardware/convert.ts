import { parseQuirks, type QuirkName, quirksLabel } from '../boot/quirks.ts';
import { type Ip4, parseCidr, parseIp4, prefixLength } from '../ip4.ts';
import { type Mac, parseMac } from '../mac.ts';
import { defaultLeaseTime, type Lease, type Machine, type Netboot, type StaticRoute } from './machine.ts';
import type { DhcpRecord, InterfaceRecord, MachineSource, NetbootRecord } from './wire/source.ts';

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
export function toMachines(record: MachineSource): Converted {
  const problems: FieldProblem[] = [];
  const { name = '', revision = 0 } = record;
  const agentId = given(record.agentId);
  const facility = given(record.metadata?.facility?.facilityCode);
  const quirks = readQuirks(record.labels?.[quirksLabel], (field, what) => problems.push({ field, what }));
  const machines: Machine[] = [];
  for (const [at, one] of record.interfaces.entries()) {
    const report: Report = (field, what) => problems.push({ field: `interfaces[${at}].${field}`, what });
    const mac = readMac(one.dhcp?.mac, report);
    if (mac === undefined) continue;
    const dhcp = toLease(mac, one, report);
    const netboot = toNetboot(one.netboot);
    const isoSource = given(one.isoboot?.sourceIso);
    machines.push({ name, revision, agentId, facility, quirks, dhcp, netboot, isoSource });
  }
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

function toLease(mac: Mac, { dhcp, disableDhcp }: InterfaceRecord, report: Report): Lease {
  return {
    mac,
    disabled: disableDhcp ?? false,
    address: readAddress('dhcp.ip.address', dhcp?.ip?.address, report),
    netmask: readMask(dhcp?.ip?.netmask, report),
    gateway: readAddress('dhcp.ip.gateway', dhcp?.ip?.gateway, report),
    broadcast: readAddress('dhcp.broadcast_address', dhcp?.broadcastAddress, report),
    // Go's zero value: a record with 0 is one that names none.
    leaseTime: dhcp?.leaseTime || defaultLeaseTime,
    hostname: given(dhcp?.hostname),
    domainName: given(dhcp?.domainName),
    domainSearch: orNone(dhcp?.domainSearch.filter((domain) => domain !== '')),
    nameServers: readAddresses('name_servers', dhcp?.nameServers, report),
    timeServers: readAddresses('time_servers', dhcp?.timeServers, report),
    routes: readRoutes(dhcp?.classlessStaticRoutes, report),
    arch: given(dhcp?.arch),
    vlanId: given(dhcp?.vlanId),
    tftpServerName: given(dhcp?.tftpServerName),
    bootFileName: given(dhcp?.bootFileName),
  };
}

function toNetboot(netboot: NetbootRecord | undefined): Netboot {
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
      kernelParams: orNone(osie?.kernelParams),
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

function orNone<T>(list: readonly T[] | undefined): readonly T[] {
  return list === undefined || list.length === 0 ? none : list;
}

/** The contract's plain strings are empty when absent. */
function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

const notAnAddress = 'must be an IPv4 address';

function readAddress(field: string, text: string | undefined, report: Report): Ip4 | undefined {
  if (text === undefined || text === '') return undefined;
  const address = parseIp4(text);
  if (address === undefined) report(field, notAnAddress);
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
  if (texts === undefined || texts.length === 0) return none;
  const read: Ip4[] = [];
  for (const [at, text] of texts.entries()) {
    const address = text === '' ? undefined : parseIp4(text);
    if (address !== undefined) read.push(address);
    else if (text !== '') report(`dhcp.${field}[${at}]`, notAnAddress);
  }
  return orNone(read);
}

function readRoutes(
  routes: DhcpRecord['classlessStaticRoutes'] | undefined,
  report: Report,
): readonly StaticRoute[] {
  if (routes === undefined || routes.length === 0) return none;
  const read = routes.flatMap((route, at) => {
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
