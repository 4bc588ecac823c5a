import {
  bool,
  duration,
  hostPort,
  integer,
  type Kind,
  oneOf,
  setting,
  text,
  type Values,
  Wrong,
} from '#shared/config.ts';
import { logSettings } from '#shared/log.ts';

const noKube =
  'is of the kubernetes backend, which this release does not have; use SMEE_BACKEND=sqlite or file';

/** Whatever it says, it asks for what is not there. */
const kube: Kind<never> = { name: 'text', parse: () => new Wrong(noKube), print: String };

/** To say that it is off is fine. */
const kubeEnabled: Kind<boolean> = {
  name: bool.name,
  parse(value) {
    const enabled = bool.parse(value);
    return enabled === true ? new Wrong(noKube) : enabled;
  },
  print: String,
};

const backend: Kind<'sqlite' | 'file' | 'noop'> = {
  name: 'sqlite|file|noop',
  parse: (value) =>
    value === 'kubernetes' || value === 'postgres'
      ? new Wrong('is not in this release yet; use sqlite or file')
      : oneOf('sqlite', 'file', 'noop').parse(value),
  print: String,
};

/** What can be set for the hardware service. */
export const hardwareSettings = {
  ...logSettings,
  bind: setting(
    'hardware-bind',
    hostPort,
    '127.0.0.1:50051',
    'Where the gRPC API listens; anything but a loopback address needs TLS with a client CA, or a token file.',
  ),
  opsAddr: setting(
    'hardware-ops-addr',
    hostPort,
    '127.0.0.1:9101',
    'Where /healthz, /readyz and /metrics listen.',
  ),
  backend: setting(
    'backend',
    backend,
    undefined,
    'Where the hardware records are: sqlite, file or noop; unset: what a backend-…-enabled selects, else sqlite.',
  ),
  fileEnabled: setting('backend-file-enabled', bool, 'false', 'Take the records from backend-file-path.'),
  filePath: setting(
    'backend-file-path',
    text,
    undefined,
    "A file of records, or a folder of .yaml, .yml and .json files: Tinkerbell's Hardware, or keyed by MAC.",
  ),
  fileStatePath: setting(
    'backend-file-state-path',
    text,
    'data/smee-file.db',
    'The database in which the file backend keeps revisions, history and the last good records.',
  ),
  noopEnabled: setting(
    'backend-noop-enabled',
    bool,
    'false',
    'No records at all; for dhcp-mode auto-proxy, which needs none.',
  ),
  kubeEnabled: setting(
    'backend-kube-enabled',
    kubeEnabled,
    'false',
    'Not in this release: true stops the start.',
  ),
  kubeConfig: setting('backend-kube-config', kube, undefined, 'Not in this release: stops the start.'),
  kubeApi: setting('backend-kube-api', kube, undefined, 'Not in this release: stops the start.'),
  kubeNamespace: setting('backend-kube-namespace', kube, undefined, 'Not in this release: stops the start.'),
  sqlitePath: setting('sqlite-path', text, 'data/smee.db', 'The database file; made when it is not there.'),
  bootsPath: setting(
    'boots-path',
    text,
    undefined,
    'The database of what happened while machines booted; unset: boots.db beside sqlite-path.',
  ),
  bootsEvents: setting(
    'boots-events',
    integer(1000, 100_000_000),
    '1000000',
    'Events of boots that are kept in all, the newest: about 400 bytes each.',
  ),
  bootsEventsPerMachine: setting(
    'boots-events-per-machine',
    integer(100, 1_000_000),
    '2000',
    'Events that are kept of one machine, the newest.',
  ),
  bootsAge: setting('boots-age', duration, '336h', 'Boots and their events are kept for so long.'),
  tlsCert: setting('tls-cert', text, undefined, "File of the gRPC server's certificate chain, PEM."),
  tlsKey: setting('tls-key', text, undefined, "File of the certificate's private key, PEM."),
  tlsClientCa: setting(
    'tls-client-ca',
    text,
    undefined,
    'File of the CA that client certificates must come from, PEM; without it no client certificate is asked for.',
  ),
  tokenFile: setting(
    'token-file',
    text,
    undefined,
    'File of the token that every call must carry as "authorization: Bearer …".',
  ),
  insecure: setting(
    'hardware-insecure',
    bool,
    'false',
    'Listen beyond loopback without asking who calls: whoever reaches the port owns every machine.',
  ),
};

export type HardwareSettings = Values<typeof hardwareSettings>;
