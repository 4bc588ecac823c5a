import { dirname } from 'node:path';
import {
  bool,
  formatHostPort,
  type HostPort,
  readTables,
  type Source,
  setting,
  type Values,
} from '#shared/config.ts';
import type { ClientSettings } from '#shared/grpc/settings.ts';
import { formatIp4, type Ip4, parseIp4 } from '#shared/ip4.ts';
import { aside } from '../up/ports.ts';
import { allTables, recordFilesOf, servedDevices, type UpSettings } from '../up/settings.ts';
import type { UpFile } from '../up-file.ts';
import type { Facts, ServiceName } from './facts.ts';
import type { NamedWeb } from './probe/host.ts';

/** What only `smee doctor` can be told. */
export const doctorSettings = {
  json: setting('json', bool, 'false', 'One JSON object instead of text.'),
};

/** Where a service should be found. */
export interface Place {
  readonly service: ServiceName;
  readonly protocol: 'udp' | 'tcp';
  /** Its port by its settings. */
  readonly wanted: number;
  /** The one that it has, where that is known. */
  readonly actual: number | undefined;
  /** Where its /readyz is. */
  readonly ops: HostPort;
}

/** The provisioner, as settings and data/up.json describe it. */
export interface Site {
  readonly mode: Facts['mode'];
  /** Devices that real machines hang on. */
  readonly devices: readonly string[];
  readonly places: readonly Place[];
  readonly hardware: ClientSettings;
  /** The services are expected on this host. */
  readonly local: boolean;
  /** Where TFTP listens; undefined: on every address, by this port. */
  readonly tftp: readonly HostPort[] | undefined;
  readonly tftpPort: number;
  /** TFTP answers everybody, and so us. */
  readonly tftpAnswersAll: boolean;
  /** Another TFTP server than ours, which DHCP names. */
  readonly namedTftp: HostPort | undefined;
  readonly namedWeb: readonly NamedWeb[];
  readonly ipxeDir: string | undefined;
  readonly archMapping: ReadonlyMap<number, string>;
  /** The file or folder that records are read from. */
  readonly recordFiles: string | undefined;
  /** Where the database and the snapshots lie. */
  readonly folders: readonly string[];
}

/**
 * Reads the settings as the services do, and what `smee up` wrote about itself.
 * @throws {ConfigError} with every problem
 */
export function readSite(
  { env, args }: Source,
  up: UpFile | undefined,
  ownAddresses: readonly Ip4[],
): { readonly site: Site; readonly own: Values<typeof doctorSettings> } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const here = up === undefined ? {} : { SMEE_HARDWARE_ADDR: formatHostPort(up.hardware) };
  const tables = { ...allTables, doctor: doctorSettings };
  const { doctor: own, ...settings } = readTables(tables, { env: { ...here, ...given }, args });
  const { dhcp, tftp, http, hardware } = settings;
  const local = isOwn(http.hardwareAddr.host, ownAddresses);
  const site: Site = {
    mode: up?.dhcpMode ?? dhcp.mode,
    devices: [...new Set([...servedDevices(settings), ...(up?.ifaces ?? [])])],
    places: placesOf(settings, up),
    hardware: http,
    local,
    tftp: up?.tftp ?? tftp.tftpAddr?.map((address) => ({ host: formatIp4(address), port: tftp.tftpPort })),
    tftpPort: up?.tftp[0]?.port ?? tftp.tftpPort,
    tftpAnswersAll: !(up?.tftpKnownClientsOnly ?? tftp.tftpKnownClientsOnly),
    namedTftp: dhcp.tftpIp === undefined ? undefined : { host: formatIp4(dhcp.tftpIp), port: dhcp.tftpPort },
    namedWeb: namedWebOf(dhcp),
    ipxeDir: up?.ipxeDir ?? http.ipxeDir,
    archMapping: dhcp.archMapping,
    recordFiles: up === undefined ? recordFilesOf(hardware) : (up.recordFiles ?? undefined),
    folders: [dirname(hardware.sqlitePath), http.snapshotDir],
  };
  return { site, own };
}

function isOwn(host: string, addresses: readonly Ip4[]): boolean {
  const address = parseIp4(host);
  return (
    host === 'localhost' || host === '::1' || host.startsWith('127.') || addresses.includes(address ?? -1)
  );
}

/** Services that are turned off are in no place. */
function placesOf(
  { hardware, dhcp, tftp, http, syslog }: UpSettings,
  up: UpFile | undefined,
): readonly Place[] {
  const places: (Omit<Place, 'actual'> & {
    readonly enabled: boolean;
    readonly real: HostPort | undefined;
  })[] = [
    {
      service: 'hardware',
      enabled: true,
      protocol: 'tcp',
      wanted: hardware.bind.port,
      real: up?.hardware,
      ops: up?.ops.hardware ?? hardware.opsAddr,
    },
    {
      service: 'dhcp',
      enabled: dhcp.enabled,
      protocol: 'udp',
      wanted: dhcp.addr.port,
      real: up?.dhcp[0],
      ops: up?.ops.dhcp ?? dhcp.opsAddr,
    },
    {
      service: 'tftp',
      enabled: up === undefined ? tftp.tftpEnabled : up.tftp.length > 0,
      protocol: 'udp',
      wanted: tftp.tftpPort,
      real: up?.tftp[0],
      ops: up?.ops.tftp ?? tftp.tftpOpsAddr,
    },
    {
      service: 'http',
      enabled: true,
      protocol: 'tcp',
      wanted: http.httpPort,
      real: up?.http[0],
      ops: up?.http[0] ?? { host: formatIp4(http.httpAddr?.[0] ?? 0), port: http.httpPort },
    },
    {
      service: 'syslog',
      enabled: up === undefined ? syslog.syslogEnabled : up.syslog.length > 0,
      protocol: 'udp',
      wanted: syslog.syslogPort,
      real: up?.syslog[0],
      ops: up?.ops.syslog ?? syslog.syslogOpsAddr,
    },
  ];
  return places
    .filter(({ enabled }) => enabled)
    .map(({ service, protocol, wanted, real, ops }) => ({
      service,
      protocol,
      // A port that smee up had to move aside is not the one that is wanted; any other was chosen.
      wanted: real === undefined || real.port === wanted + aside ? wanted : real.port,
      actual: real?.port,
      ops: { ...ops, host: ops.host === '0.0.0.0' ? '127.0.0.1' : ops.host },
    }));
}

/** HTTP servers that settings put into DHCP's answers. */
function namedWebOf(dhcp: UpSettings['dhcp']): readonly NamedWeb[] {
  const { binaryScheme, binaryHost, binaryPort, scriptScheme, scriptHost, scriptPort, scriptUrl } = dhcp;
  const at = (what: string, scheme: string, host: string | undefined, port: number) =>
    host === undefined ? [] : [{ what, url: `${scheme}://${host}:${port}/` }];
  return [
    ...at('dhcp-http-ipxe-binary-host', binaryScheme, binaryHost, binaryPort),
    ...(scriptUrl === undefined
      ? at('dhcp-http-ipxe-script-host', scriptScheme, scriptHost, scriptPort)
      : [{ what: 'dhcp-http-ipxe-script-url', url: `${scriptUrl.origin}/` }]),
  ];
}
