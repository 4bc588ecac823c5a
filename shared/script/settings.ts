import { dhcpModes } from '../boot/mode.ts';
import { lineProblem } from '../boot/script-line.ts';
import { bool, httpUrl, integer, ip4, type Kind, oneOf, setting, Wrong } from '../config.ts';
import { parseAuthority } from './authority.ts';

/** One word that can stand on a line of an iPXE script. */
const word: Kind<string> = {
  name: 'word',
  parse(value) {
    const problem = lineProblem(value, 'word');
    return problem === undefined ? value : new Wrong(`must not hold ${problem}`);
  },
  print: String,
};

/** Words of the kernel line. The operator's own: the one text in which iPXE may expand `${net0/mac}` and the like. */
const kernelWords: Kind<string> = {
  name: 'words',
  parse(value) {
    const problem = lineProblem(value.replaceAll('${', ''), 'words');
    return problem === undefined ? value : new Wrong(`must not hold ${problem}`);
  },
  print: String,
};

/** A host name or an address, without a port. */
export const hostName: Kind<string> = {
  name: 'host name',
  parse(value) {
    const host = parseAuthority(value);
    return host !== undefined && host.host === value
      ? value
      : new Wrong('must be a host name or an address, without a port');
  },
  print: String,
};

/** What shapes a script, for the services that serve one. */
export const scriptSettings = {
  dhcpMode: setting(
    'dhcp-mode',
    oneOf(...dhcpModes),
    'reservation',
    'As for dhcp. auto-proxy: who has no record gets a script, too, one for any machine.',
  ),
  osieUrl: setting(
    'osie-url',
    httpUrl,
    undefined,
    'Where kernel and initrd lie; unset: /artifacts of our HTTP service, at the address the machine asked.',
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
};
