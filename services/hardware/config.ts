import { bool, hostPort, type Kind, setting, text, type Values, Wrong } from '#shared/config.ts';
import { logSettings } from '#shared/log.ts';

const backend: Kind<'sqlite'> = {
  name: 'sqlite',
  parse: (value) => (value === 'sqlite' ? value : new Wrong('is not a backend of this release; use sqlite')),
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
  backend: setting('backend', backend, 'sqlite', 'Where the hardware records are kept.'),
  sqlitePath: setting('sqlite-path', text, 'data/smee.db', 'The database file; made when it is not there.'),
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
