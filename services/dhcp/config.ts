import { loaderSettings } from '#shared/assets/settings.ts';
import { dhcpModes } from '#shared/boot/mode.ts';
import {
  bool,
  hostPort,
  httpUrl,
  ip4,
  type Kind,
  list,
  oneOf,
  port,
  setting,
  text,
  type Values,
  Wrong,
} from '#shared/config.ts';
import { reportSettings } from '#shared/events/settings.ts';
import { replicaSettings } from '#shared/hardware/replica-settings.ts';
import { formatIp4, type Ip4, parseIp4 } from '#shared/ip4.ts';
import { logSettings } from '#shared/log.ts';
import { traceSettings } from '#shared/trace/settings.ts';

export interface ListenAddress {
  readonly address: Ip4;
  readonly port: number;
}

const listenAddress: Kind<ListenAddress> = {
  name: 'IPv4 address:port',
  parse(value) {
    const parsed = hostPort.parse(value);
    if (parsed instanceof Wrong) return new Wrong('must be an IPv4 address and a port, such as 0.0.0.0:67');
    const address = parseIp4(parsed.host);
    return address === undefined
      ? new Wrong('must be an IPv4 address and a port, such as 0.0.0.0:67')
      : { address, port: parsed.port };
  },
  print: ({ address, port }) => `${formatIp4(address)}:${port}`,
};

/** Linux: at most 15 bytes, no slash, no space. */
const device: Kind<string> = {
  name: 'interface',
  parse: (value) => (/^[^\s/]{1,15}$/.test(value) ? value : new Wrong('must be the name of an interface')),
  print: String,
};

/** What can stand between `://` and the port. */
const host: Kind<string> = {
  name: 'host',
  parse: (value) =>
    /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(value)
      ? value
      : new Wrong('must be an IPv4 address or a host name, without a port'),
  print: String,
};

const path: Kind<string> = {
  name: 'path',
  parse: (value) => (/^[\x21-\x7e]+$/.test(value) ? value : new Wrong('must be a path such as /ipxe/')),
  print: String,
};

/** `7=snponly.efi,27=riscv64.efi` */
const archMapping: Kind<ReadonlyMap<number, string>> = {
  name: 'arch=binary,…',
  parse(value) {
    const mapping = new Map<number, string>();
    for (const pair of value.split(',').filter((part) => part.trim() !== '')) {
      const [, arch, binary] = /^\s*(\d{1,5})\s*=\s*([^\s=]+)\s*$/.exec(pair) ?? [];
      if (arch === undefined || binary === undefined || Number(arch) > 65_535) {
        return new Wrong(`${JSON.stringify(pair)} must be arch=binary, such as 7=snponly.efi`);
      }
      mapping.set(Number(arch), binary);
    }
    return mapping;
  },
  print: (mapping) => Array.from(mapping, ([arch, binary]) => `${arch}=${binary}`).join(','),
};

const scheme = oneOf('http', 'https');
const onlyTinkerbell = { tinkerbell: true } as const;

/** What can be set for the DHCP service. "Detected" is the address of the interface that a request came in on. */
export const dhcpSettings = {
  ...logSettings,
  ...replicaSettings,
  ...reportSettings,
  ...traceSettings,
  ipxeDir: loaderSettings.ipxeDir,
  enabled: setting('dhcp-enabled', bool, 'true', 'Answer DHCP.'),
  mode: setting(
    'dhcp-mode',
    oneOf(...dhcpModes),
    'reservation',
    'reservation: an address and a boot for who has a record. Where another server gives the addresses: proxy: a boot for who has a record; auto-proxy: for everybody whose record does not forbid it.',
  ),
  addr: setting('dhcp-addr', listenAddress, '0.0.0.0:67', 'Where DHCP listens.'),
  proxyPort: setting(
    'dhcp-proxy-port',
    port,
    '4011',
    'The second port of the proxy modes; real firmware knows only 4011.',
  ),
  ifaces: setting(
    'dhcp-iface',
    list(device),
    undefined,
    'Interfaces to bind to, each with a socket of its own; unset: all. The proxy modes need it.',
  ),
  opsAddr: setting(
    'dhcp-ops-addr',
    hostPort,
    '127.0.0.1:9102',
    'Where /healthz, /readyz and /metrics listen.',
  ),
  enableNetbootOptions: setting(
    'dhcp-enable-netboot-options',
    bool,
    'true',
    'Say what to boot; false: addresses only, and silence in the proxy modes.',
    onlyTinkerbell,
  ),
  ipForPacket: setting(
    'dhcp-ip-for-packet',
    ip4,
    undefined,
    'Our address in packets: option 54 and siaddr; unset: detected.',
  ),
  publicIpInterface: setting(
    'public-ip-interface',
    device,
    undefined,
    'The interface whose address is "detected"; unset: the one that the request came in on.',
  ),
  syslogIp: setting('dhcp-syslog-ip', ip4, undefined, 'Syslog server, option 7; unset: detected.'),
  tftpIp: setting('dhcp-tftp-ip', ip4, undefined, 'TFTP server: siaddr, and tftp:// URLs; unset: detected.'),
  tftpPort: setting('dhcp-tftp-port', port, '69', 'Port in tftp:// URLs.'),
  binaryScheme: setting('dhcp-http-ipxe-binary-scheme', scheme, 'http', 'Scheme of iPXE binary URLs.'),
  binaryHost: setting(
    'dhcp-http-ipxe-binary-host',
    host,
    undefined,
    'Host of iPXE binary URLs; unset: detected.',
  ),
  binaryPort: setting('dhcp-http-ipxe-binary-port', port, '8080', 'Port of iPXE binary URLs.'),
  binaryPath: setting('dhcp-http-ipxe-binary-path', path, '/ipxe/', 'Path of iPXE binary URLs.'),
  binaryMacFormat: setting(
    'ipxe-binary-inject-mac-addr-format',
    oneOf('colon', 'dot', 'dash', 'no-delimiter', 'empty'),
    'colon',
    'How the MAC appears in iPXE binary URLs; empty: not at all.',
    onlyTinkerbell,
  ),
  scriptScheme: setting('dhcp-http-ipxe-script-scheme', scheme, 'http', 'Scheme of the iPXE script URL.'),
  scriptHost: setting(
    'dhcp-http-ipxe-script-host',
    host,
    undefined,
    'Host of the iPXE script URL; unset: detected.',
  ),
  scriptPort: setting('dhcp-http-ipxe-script-port', port, '8080', 'Port of the iPXE script URL.'),
  scriptPath: setting('dhcp-http-ipxe-script-path', path, '/auto.ipxe', 'Path of the iPXE script URL.'),
  scriptUrl: setting(
    'dhcp-http-ipxe-script-url',
    httpUrl,
    undefined,
    'The iPXE script URL; overrides scheme, host, port and path.',
  ),
  scriptPrependMac: setting(
    'dhcp-http-ipxe-script-prepend-mac',
    bool,
    'true',
    'Put the MAC before the last part of the iPXE script URL: …/auto.ipxe becomes …/<mac>/auto.ipxe.',
  ),
  scriptEnabled: setting('http-ipxe-script-enabled', bool, 'true', 'Serve auto.ipxe.'),
  archMapping: setting(
    'ipxe-override-arch-mapping',
    archMapping,
    '',
    'iPXE binaries by architecture (option 93), over the default map: arch=binary pairs.',
    onlyTinkerbell,
  ),
  chain: setting(
    'ipxe-chain',
    oneOf('auto', 'always', 'never'),
    'auto',
    'Chain the user class iPXE to our own binary: auto only when it has no HTTP; always as Smee does; never.',
  ),
  userClass: setting(
    'ipxe-user-class',
    text,
    undefined,
    'A user class that gets the script, like Tinkerbell.',
  ),
};

export type DhcpSettings = Values<typeof dhcpSettings>;
