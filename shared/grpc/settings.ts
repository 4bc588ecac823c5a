import { hostPort, setting, text, type Values } from '../config.ts';

/**
 * How a service reaches the hardware service. `tls-cert`, `tls-key` and `token-file` bear the names that the hardware service
 * uses for its own side: in each process they mean "my certificate", "my key" and "the token we share".
 */
export const clientSettings = {
  hardwareAddr: setting(
    'hardware-addr',
    hostPort,
    '127.0.0.1:50051',
    'Where the hardware service answers (gRPC).',
  ),
  tokenFile: setting(
    'token-file',
    text,
    undefined,
    'File with the token that callers of the hardware service show; one line.',
  ),
  tlsCa: setting(
    'tls-ca',
    text,
    undefined,
    "File with the CA certificates (PEM) that the hardware service's certificate must come from; turns TLS on.",
  ),
  tlsCert: setting('tls-cert', text, undefined, "File with this service's own certificate (PEM)."),
  tlsKey: setting('tls-key', text, undefined, 'File with the key of tls-cert (PEM).'),
};

export type ClientSettings = Values<typeof clientSettings>;
