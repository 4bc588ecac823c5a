import { isIP } from 'node:net';
import { artifactSettings, loaderSettings } from '#shared/assets/settings.ts';
import { dhcpModes } from '#shared/boot/mode.ts';
import { lineProblem } from '#shared/boot/script-line.ts';
import {
  bool,
  httpUrl,
  integer,
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
import { replicaSettings } from '#shared/hardware/replica-settings.ts';
import { logSettings } from '#shared/log.ts';
import { overlapsItself } from './wire/magic.ts';
import { parseAuthority } from './wire/request.ts';

/** One word that can stand on a line of an iPXE script. */
const word: Kind<string> = {
  name: 'word',
  parse(value) {
    const problem = lineProblem(value, 'word');
    return problem === undefined ? value : new Wrong(`must not hold ${problem}`);
  },
};

/** Words of the kernel line. The operator's own: the one text in which iPXE may expand `${net0/mac}` and the like. */
const kernelWords: Kind<string> = {
  name: 'words',
  parse(value) {
    const problem = lineProblem(value.replaceAll('${', ''), 'words');
    return problem === undefined ? value : new Wrong(`must not hold ${problem}`);
  },
};

const hostName: Kind<string> = {
  name: 'host name',
  parse(value) {
    const host = parseAuthority(value);
    return host !== undefined && host.host === value
      ? value
      : new Wrong('must be a host name or an address, without a port');
  },
};

/** A text that can be found wherever a search starts. */
const magicString: Kind<string> = {
  name: 'text',
  parse(value) {
    if (!/^[\x21-\x7e]+$/.test(value)) return new Wrong('must be ASCII without white space');
    return overlapsItself(value) ? new Wrong('must not begin as it ends') : value;
  },
};

/** `10.244.0.0/16` or a bare address, IPv4 or IPv6; host bits may stand, as Smee lets them. */
const proxies: Kind<string> = {
  name: 'CIDR',
  parse(value) {
    const [address = '', prefix, rest] = value.split('/');
    const longest = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
    const length = prefix === undefined ? longest : Number(prefix);
    const valid = rest === undefined && (prefix === undefined || /^\d{1,3}$/.test(prefix));
    return longest > 0 && valid && length >= 1 && length <= longest
      ? value
      : new Wrong('must be an address or a network such as 10.244.0.0/16, not all of the Internet');
  },
};

export const httpSettings = {
  ...logSettings,
  ...replicaSettings,
  ...loaderSettings,
  ...artifactSettings,
  httpAddr: setting('http-addr', list(ip4), undefined, 'Addresses to listen on; unset: all.'),
  httpPort: setting('http-port', port, '8080', 'Port to listen on.'),
  httpMaxConnectionsPerClient: setting(
    'http-max-connections-per-client',
    integer(1, 10_000),
    '256',
    'Connections at a time with one address, trusted proxies excepted; raise it when a NAT hides many machines behind one.',
  ),
  httpIpxeBinaryEnabled: setting(
    'http-ipxe-binary-enabled',
    bool,
    'true',
    'Serve iPXE binaries under /ipxe/.',
  ),
  httpIpxeScriptEnabled: setting('http-ipxe-script-enabled', bool, 'true', 'Serve auto.ipxe.'),
  dhcpMode: setting(
    'dhcp-mode',
    oneOf(...dhcpModes),
    'reservation',
    'As for dhcp. auto-proxy: who has no record gets a script, too, one for any machine.',
  ),
  trustedProxies: setting(
    'trusted-proxies',
    list(proxies),
    undefined,
    'Proxies whose X-Forwarded-For says who asks: CIDRs or addresses.',
  ),
  osieUrl: setting(
    'osie-url',
    httpUrl,
    undefined,
    'Where kernel and initrd lie; unset: /artifacts of this service, at the address the machine asked.',
  ),
  extraKernelArgs: setting(
    'extra-kernel-args',
    kernelWords,
    undefined,
    'Words for every kernel line, such as registry credentials; iPXE expands its own settings in them.',
    { secret: true },
  ),
  ipxeHttpScriptKernelName: setting(
    'ipxe-http-script-kernel-name',
    word,
    'vmlinuz',
    'Kernel of a record that names none; -<arch> is appended.',
    { tinkerbell: true },
  ),
  ipxeHttpScriptInitrdName: setting(
    'ipxe-http-script-initrd-name',
    word,
    'initramfs',
    'Initrd of a record that names none; -<arch> is appended.',
    { tinkerbell: true },
  ),
  ipxeScriptRetries: setting(
    'ipxe-script-retries',
    integer(0, 1_000_000),
    '0',
    'How often the script tries kernel, initrd and boot again.',
  ),
  ipxeScriptRetryDelay: setting(
    'ipxe-script-retry-delay',
    integer(0, 86_400),
    '2',
    'Seconds between those tries.',
  ),
  tinkServer: setting('tink-server', word, undefined, 'host:port of the Tink server: grpc_authority=.'),
  tinkServerTls: setting('tink-server-tls', bool, 'false', 'The Tink server speaks TLS: tinkerbell_tls=.'),
  tinkServerInsecureTls: setting(
    'tink-server-insecure-tls',
    bool,
    'false',
    'Its certificate is not verified: tinkerbell_insecure_tls=.',
  ),
  ipxeScriptSyslogFqdn: setting(
    'ipxe-script-syslog-fqdn',
    hostName,
    undefined,
    'Host name for syslog_host=; unset: dhcp-syslog-ip.',
    { tinkerbell: true },
  ),
  dhcpSyslogIp: setting(
    'dhcp-syslog-ip',
    ip4,
    undefined,
    'Syslog server of the machines; unset: the address the machine asked.',
  ),
  isoEnabled: setting('iso-enabled', bool, 'false', 'Serve patched ISOs under /iso/<mac>/.'),
  isoUrl: setting(
    'iso-url',
    httpUrl,
    undefined,
    'The ISO of machines whose record names none; it may carry credentials.',
    { secret: true },
  ),
  isoMagicString: setting(
    'iso-magic-string',
    magicString,
    undefined,
    "What kernel arguments are written over in an ISO; unset: HookOS's, 1024 characters.",
  ),
  isoStaticIpamEnabled: setting(
    'iso-static-ipam-enabled',
    bool,
    'false',
    "Write the record's address, mask, gateway and servers into the ISO: ipam=.",
  ),
  gitRev: setting(
    'git-rev',
    text,
    'unknown',
    'The revision that /healthcheck reports; set when an image is built.',
  ),
};

export type HttpSettings = Values<typeof httpSettings>;
