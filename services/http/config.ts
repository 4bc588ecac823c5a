import { isIP } from 'node:net';
import { artifactSettings, assetSettings, loaderSettings } from '#shared/assets/settings.ts';
import {
  bool,
  httpUrl,
  integer,
  ip4,
  type Kind,
  list,
  port,
  setting,
  text,
  type Values,
  Wrong,
} from '#shared/config.ts';
import { reportSettings } from '#shared/events/settings.ts';
import { replicaSettings } from '#shared/hardware/replica-settings.ts';
import { logSettings } from '#shared/log.ts';
import { scriptSettings } from '#shared/script/settings.ts';
import { traceSettings } from '#shared/trace/settings.ts';
import { overlapsItself } from './wire/magic.ts';

/** `/tftp/`: with or without the slashes around it. */
const urlFolder: Kind<string> = {
  name: 'path',
  parse: (value) =>
    /^[\w./~-]+$/.test(value)
      ? `/${value}/`.replace(/\/{2,}/g, '/')
      : new Wrong('must be a path such as /tftp/, of letters, digits and . _ ~ - /'),
  print: String,
};

const fileName: Kind<string> = {
  name: 'file',
  parse: (value) => (/\p{Cc}/u.test(value) ? new Wrong('must be the name of a file') : value),
  print: String,
};

/** A text that can be found wherever a search starts. */
const magicString: Kind<string> = {
  name: 'text',
  parse(value) {
    if (!/^[\x21-\x7e]+$/.test(value)) return new Wrong('must be ASCII without white space');
    return overlapsItself(value) ? new Wrong('must not begin as it ends') : value;
  },
  print: String,
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
  print: String,
};

export const httpSettings = {
  ...logSettings,
  ...replicaSettings,
  ...reportSettings,
  ...traceSettings,
  ...loaderSettings,
  ...assetSettings,
  ...artifactSettings,
  httpAddr: setting('http-addr', list(ip4), undefined, 'Addresses to listen on; unset: all.'),
  httpPort: setting('http-port', port, '8080', 'Port to listen on.'),
  httpsBindPort: setting(
    'https-bind-port',
    port,
    '7272',
    'Port to listen on for HTTPS, on the same addresses, when tls-cert-file is set.',
    { tinkerbell: true },
  ),
  tlsCertFile: setting(
    'tls-cert-file',
    list(fileName),
    undefined,
    'Files with the certificates of HTTPS (PEM, intermediate ones included): iPXE needs an RSA one; with an EC one beside it each client gets what it understands.',
    { tinkerbell: true },
  ),
  tlsKeyFile: setting(
    'tls-key-file',
    list(fileName),
    undefined,
    'Files with the keys of tls-cert-file (PEM), in the same order.',
    { tinkerbell: true },
  ),
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
  pxeHttpEnabled: setting(
    'pxe-http-enabled',
    bool,
    'false',
    "Serve what TFTP serves over HTTP, too: for U-Boot's wget.",
    { tinkerbell: true },
  ),
  pxeHttpPathPrefix: setting('pxe-http-path-prefix', urlFolder, '/tftp/', 'The URL folder of it.', {
    tinkerbell: true,
  }),
  trustedProxies: setting(
    'trusted-proxies',
    list(proxies),
    undefined,
    'Proxies whose X-Forwarded-For says who asks: CIDRs or addresses.',
  ),
  ...scriptSettings,
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
