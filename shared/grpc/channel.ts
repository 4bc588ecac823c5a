import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import {
  type ChannelCredentials,
  type ChannelOptions,
  type ClientUnaryCall,
  credentials,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import { formatHostPort } from '../config.ts';
import { ConfigError, messageOf, UnavailableError } from '../errors.ts';
import { toError } from './errors.ts';
import type { ClientSettings } from './settings.ts';

export interface ClientOptions {
  /** A connection that carries a call is pinged when silent for so long, in milliseconds. Default 10 000. */
  readonly keepaliveMs?: number;
  /** A ping not answered for so long ends the connection. Default 20 000, as gRPC's. */
  readonly keepaliveTimeoutMs?: number;
  /** How long one call may take, in milliseconds; streams have no end. Default 10 000. */
  readonly deadlineMs?: number;
}

type Done<T> = (error: ServiceError | null, value?: T) => void;

/** What every client of the hardware service's port is made with. */
interface Channel {
  /** `host:port`, for people, too. */
  readonly where: string;
  readonly channel: ChannelCredentials;
  readonly options: ChannelOptions;
  /** To go with every call: the token. */
  readonly metadata: Metadata;
  /** One unary call as a promise; rejects with {@link HardwareCallError} or {@link UnavailableError}. */
  call<T>(start: (deadline: Date, done: Done<T>) => ClientUnaryCall): Promise<T>;
}

/** How the hardware service's port is reached. @throws {ConfigError} when a token or certificate file cannot be used */
export function openChannel(settings: ClientSettings, options: ClientOptions = {}): Channel {
  const { keepaliveMs = 10_000, keepaliveTimeoutMs = 20_000, deadlineMs = 10_000 } = options;
  const { channel, token } = readCredentials(settings);
  const where = formatHostPort(settings.hardwareAddr);
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  return {
    where,
    channel,
    metadata,
    options: {
      'grpc.keepalive_time_ms': keepaliveMs,
      'grpc.keepalive_timeout_ms': keepaliveTimeoutMs,
      'grpc.use_local_subchannel_pool': 1,
      // A batch of records with whole scripts in them can pass the default of 4 MiB; the service is one we trust.
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      // The provisioner's own network, never by way of a proxy of the environment.
      'grpc.enable_http_proxy': 0,
      // Any name will do: see byAddress.
      ...(isIP(settings.hardwareAddr.host) === 0 ? {} : { 'grpc.ssl_target_name_override': 'hardware' }),
    },
    call: <T>(start: (deadline: Date, done: Done<T>) => ClientUnaryCall) =>
      new Promise<T>((resolve, reject) => {
        start(new Date(Date.now() + deadlineMs), (error, value) => {
          if (error !== null) reject(toError(error, where));
          else if (value === undefined) reject(new UnavailableError(`${where} sent an empty answer`));
          else resolve(value);
        });
      }),
  };
}

interface Credentials {
  readonly channel: ChannelCredentials;
  readonly token: string | undefined;
}

/** TLS names servers, never addresses (RFC 6066 §3): a certificate for an address is compared here. */
function byAddress(host: string) {
  return (_name: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate);
}

/** Reads and checks the files of the settings; every problem at once, and never their content. @throws {ConfigError} */
function readCredentials({ hardwareAddr, tokenFile, tlsCa, tlsCert, tlsKey }: ClientSettings): Credentials {
  const { host } = hardwareAddr;
  const problems: string[] = [];
  const read = (flag: string, path: string | undefined): Buffer | undefined => {
    if (path === undefined) return undefined;
    try {
      return readFileSync(path);
    } catch (error) {
      problems.push(`--${flag}: cannot read the file: ${messageOf(error)}`);
      return undefined;
    }
  };
  const token = read('token-file', tokenFile)?.toString('utf8').trim();
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    problems.push(`--token-file: ${tokenFile} must hold one line of printable characters without spaces`);
  }
  if (tlsCa === undefined && (tlsCert !== undefined || tlsKey !== undefined)) {
    problems.push('--tls-cert and --tls-key need --tls-ca, which says whom to trust as the hardware service');
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    problems.push('--tls-cert and --tls-key need each other');
  }
  const [ca, cert, key] = [read('tls-ca', tlsCa), read('tls-cert', tlsCert), read('tls-key', tlsKey)];
  if (problems.length > 0) throw new ConfigError(problems);
  if (ca === undefined) return { channel: credentials.createInsecure(), token };
  try {
    // Node takes any bytes for a CA, and would then trust nobody without saying so.
    new X509Certificate(ca);
    const identity = isIP(host) === 0 ? undefined : { checkServerIdentity: byAddress(host) };
    return { channel: credentials.createSsl(ca, key ?? null, cert ?? null, identity), token };
  } catch (error) {
    throw new ConfigError([`--tls-ca, --tls-cert or --tls-key cannot be used: ${messageOf(error)}`]);
  }
}
