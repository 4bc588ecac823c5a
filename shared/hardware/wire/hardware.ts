import { quirksLabel } from '../../boot/quirks.ts';
import type { ProtobufReader } from './reader.ts';
import type {
  DhcpRecord,
  InterfaceRecord,
  IpRecord,
  MachineSource,
  NetbootRecord,
  OsieRecord,
  RouteRecord,
} from './source.ts';

/**
 * smee.hardware.v1.Hardware, as far as machines are made of it: fields that only an export looks at are stepped over. The numbers
 * are those of the contract; as in protobufjs, of a field that comes twice the last one counts. A differential test compares
 * what becomes of it with what becomes of protobufjs's reading, for every field of the contract.
 */
export function readHardware(reader: ProtobufReader, end: number): MachineSource {
  let name: string | undefined;
  let revision: number | undefined;
  let agentId: string | undefined;
  let quirks: string | undefined;
  let facilityCode: string | undefined;
  const interfaces: InterfaceRecord[] = [];
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === 1) name = reader.text();
    else if (field === 2) quirks = readLabel(reader) ?? quirks;
    else if (field === 3) revision = reader.number();
    else if (field === 4) agentId = reader.text();
    else if (field === 5) facilityCode = readMetadata(reader, reader.message());
    else if (field === 6) interfaces.push(readInterface(reader, reader.message()));
    else reader.skip();
  }
  return {
    name,
    revision,
    agentId,
    labels: quirks === undefined ? undefined : { [quirksLabel]: quirks },
    metadata: facilityCode === undefined ? undefined : { facility: { facilityCode } },
    interfaces,
  };
}

/** An entry of `labels`; undefined of any label but the one that names quirks. */
function readLabel(reader: ProtobufReader): string | undefined {
  const [key, value] = reader.entry();
  return key === quirksLabel ? value : undefined;
}

/** The facility's code. */
function readMetadata(reader: ProtobufReader, end: number): string | undefined {
  let code: string | undefined;
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === 1) code = readText(reader, reader.message());
    else reader.skip();
  }
  return code;
}

/** A message of which only its first field, a text, counts: Facility, Pxelinux, Isoboot. */
function readText(reader: ProtobufReader, end: number): string | undefined {
  let text: string | undefined;
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === 1) text = reader.word();
    else reader.skip();
  }
  return text;
}

function readInterface(reader: ProtobufReader, end: number): InterfaceRecord {
  let disableDhcp: boolean | undefined;
  let dhcp: DhcpRecord | undefined;
  let netboot: NetbootRecord | undefined;
  let sourceIso: string | undefined;
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === 1) disableDhcp = reader.flag();
    else if (field === 2) dhcp = readDhcp(reader, reader.message());
    else if (field === 3) netboot = readNetboot(reader, reader.message());
    else if (field === 4) sourceIso = readText(reader, reader.message());
    else reader.skip();
  }
  return { disableDhcp, dhcp, netboot, isoboot: sourceIso === undefined ? undefined : { sourceIso } };
}

function readDhcp(reader: ProtobufReader, end: number): DhcpRecord {
  let mac: string | undefined;
  let hostname: string | undefined;
  let domainName: string | undefined;
  let leaseTime: number | undefined;
  let nameServers: string[] | undefined;
  let timeServers: string[] | undefined;
  let arch: string | undefined;
  let ip: IpRecord | undefined;
  let vlanId: string | undefined;
  let classlessStaticRoutes: RouteRecord[] | undefined;
  let tftpServerName: string | undefined;
  let bootFileName: string | undefined;
  let domainSearch: string[] | undefined;
  let broadcastAddress: string | undefined;
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    switch (field) {
      case 1:
        mac = reader.text();
        break;
      case 2:
        hostname = reader.text();
        break;
      case 3:
        domainName = reader.word();
        break;
      case 4:
        leaseTime = reader.number() >>> 0;
        break;
      case 5:
        nameServers = added(nameServers, reader.word());
        break;
      case 6:
        timeServers = added(timeServers, reader.word());
        break;
      case 7:
        arch = reader.word();
        break;
      case 10:
        ip = readIp(reader, reader.message());
        break;
      case 11:
        vlanId = reader.word();
        break;
      case 12:
        classlessStaticRoutes = added(classlessStaticRoutes, readRoute(reader, reader.message()));
        break;
      case 13:
        tftpServerName = reader.word();
        break;
      case 14:
        bootFileName = reader.word();
        break;
      case 15:
        domainSearch = added(domainSearch, reader.word());
        break;
      case 16:
        broadcastAddress = reader.word();
        break;
      default:
        reader.skip();
    }
  }
  return {
    mac,
    hostname,
    domainName,
    leaseTime,
    nameServers: nameServers ?? none,
    timeServers: timeServers ?? none,
    arch,
    ip,
    vlanId,
    classlessStaticRoutes: classlessStaticRoutes ?? none,
    tftpServerName,
    bootFileName,
    domainSearch: domainSearch ?? none,
    broadcastAddress,
  };
}

/** One for all: most records have none of most lists. */
const none: readonly never[] = [];

function added<T>(list: T[] | undefined, element: T): T[] {
  if (list === undefined) return [element];
  list.push(element);
  return list;
}

function readIp(reader: ProtobufReader, end: number): IpRecord {
  let address: string | undefined;
  let netmask: string | undefined;
  let gateway: string | undefined;
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === 1) address = reader.text();
    else if (field === 2) netmask = reader.word();
    else if (field === 3) gateway = reader.word();
    else reader.skip();
  }
  return { address, netmask, gateway };
}

function readRoute(reader: ProtobufReader, end: number): RouteRecord {
  let destinationDescriptor: string | undefined;
  let router: string | undefined;
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === 1) destinationDescriptor = reader.word();
    else if (field === 2) router = reader.word();
    else reader.skip();
  }
  return { destinationDescriptor, router };
}

function readNetboot(reader: ProtobufReader, end: number): NetbootRecord {
  let allowPxe: boolean | undefined;
  let ipxe: NetbootRecord['ipxe'];
  let osie: OsieRecord | undefined;
  let config: string | undefined;
  let rpi: NetbootRecord['rpi'];
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === 1) allowPxe = reader.flag();
    else if (field === 3) {
      const [url, contents, binary] = readTexts(reader, reader.message());
      ipxe = { url, contents, binary };
    } else if (field === 4) osie = readOsie(reader, reader.message());
    else if (field === 5) config = readText(reader, reader.message());
    else if (field === 6) {
      const [serialNum, firmwarePath, configTxt] = readTexts(reader, reader.message());
      rpi = { serialNum, firmwarePath, configTxt };
    } else reader.skip();
  }
  return { allowPxe, ipxe, osie, pxelinux: config === undefined ? undefined : { config }, rpi };
}

/** A message whose first three fields are texts: Ipxe, Rpi. */
function readTexts(reader: ProtobufReader, end: number): readonly (string | undefined)[] {
  const texts: (string | undefined)[] = [undefined, undefined, undefined];
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field <= texts.length) texts[field - 1] = reader.word();
    else reader.skip();
  }
  return texts;
}

function readOsie(reader: ProtobufReader, end: number): OsieRecord {
  let baseUrl: string | undefined;
  let kernel: string | undefined;
  let initrd: string | undefined;
  let kernelParams: string[] | undefined;
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === 1) baseUrl = reader.word();
    else if (field === 2) kernel = reader.word();
    else if (field === 3) initrd = reader.word();
    else if (field === 4) kernelParams = added(kernelParams, reader.word());
    else reader.skip();
  }
  return { baseUrl, kernel, initrd, kernelParams: kernelParams ?? none };
}
