import { assetSettings, loaderSettings } from '#shared/assets/settings.ts';
import {
  bool,
  duration,
  hostPort,
  integer,
  ip4,
  type Kind,
  list,
  oneOf,
  port,
  setting,
  type Values,
} from '#shared/config.ts';
import { reportSettings } from '#shared/events/settings.ts';
import { replicaSettings } from '#shared/hardware/replica-settings.ts';
import { logSettings } from '#shared/log.ts';
import { hostName, scriptSettings } from '#shared/script/settings.ts';
import { traceSettings } from '#shared/trace/settings.ts';
import { nextServer } from './decide/site.ts';
import { blockSizes } from './wire/codes.ts';

/** A host, or iPXE's own word for the server that DHCP named: who answers behind NAT does not know his address. */
const scriptHost: Kind<string> = {
  name: 'host name',
  parse: (value) => (value === nextServer ? value : hostName.parse(value)),
  print: String,
};

/** What can be set for the TFTP service. */
export const tftpSettings = {
  ...logSettings,
  ...replicaSettings,
  ...reportSettings,
  ...traceSettings,
  ...loaderSettings,
  ...assetSettings,
  ...scriptSettings,
  scriptScheme: setting(
    'dhcp-http-ipxe-script-scheme',
    oneOf('http', 'https'),
    'http',
    'As for dhcp: the scheme of our HTTP service, in scripts over TFTP.',
  ),
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is iPXE that expands it.
  scriptHost: setting(
    'dhcp-http-ipxe-script-host',
    scriptHost,
    undefined,
    'As for dhcp: where our HTTP service is, in scripts over TFTP; ${next-server}: where DHCP says; unset: the address the machine asked.',
  ),
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: it is iPXE that expands it.
  scriptPort: setting(
    'dhcp-http-ipxe-script-port',
    port,
    '8080',
    'As for dhcp: the port of our HTTP service, in scripts over TFTP.',
  ),
  tftpEnabled: setting('tftp-enabled', bool, 'true', 'Serve TFTP; false leaves only health and metrics.'),
  tftpAddr: setting('tftp-addr', list(ip4), undefined, 'Addresses to listen on; unset: all.'),
  tftpPort: setting('tftp-port', port, '69', 'Port to listen on.'),
  tftpBlockSize: setting(
    'tftp-block-size',
    integer(blockSizes.least, blockSizes.most),
    '512',
    "Largest block that is negotiated, in bytes; the default leaves it to the interface's MTU. Without negotiation it is 512.",
  ),
  tftpTimeout: setting(
    'tftp-timeout',
    duration,
    '5s',
    'Longest wait for an acknowledgement before a block is sent again; the first wait is a tenth of it.',
  ),
  tftpSinglePort: setting(
    'tftp-single-port',
    bool,
    'true',
    'Answer from the port that was asked (works through NAT and published container ports); false: a port per transfer.',
    { tinkerbell: true },
  ),
  tftpMaxTransfers: setting('tftp-max-transfers', integer(1, 1_000_000), '10000', 'Transfers at a time.'),
  tftpMaxTransfersPerClient: setting(
    'tftp-max-transfers-per-client',
    integer(1, 1_000_000),
    '64',
    'Transfers at a time with one address; raise it when a NAT hides many machines behind one.',
  ),
  tftpKnownClientsOnly: setting(
    'tftp-known-clients-only',
    bool,
    'false',
    'Answer only addresses that a record has, and others with silence: no help for who forges addresses. Not where another server gives addresses that no record has.',
  ),
  tftpOpsAddr: setting(
    'tftp-ops-addr',
    hostPort,
    '127.0.0.1:9103',
    'Where /healthz, /readyz and /metrics are served.',
  ),
};

export type TftpSettings = Values<typeof tftpSettings>;
