import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import {
  type ChannelCredentials,
  type ClientReadableStream,
  type ClientUnaryCall,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { HostPort } from '../config.ts';
import { ConfigError, messageOf, SmeeError, UnavailableError } from '../errors.ts';
import type { ApplyHardwareResponse__Output as Applied } from '../generated/smee/hardware/v1/ApplyHardwareResponse.ts';
import type { GetHardwareRequest } from '../generated/smee/hardware/v1/GetHardwareRequest.ts';
import type { ListHardwareResponse__Output as Page } from '../generated/smee/hardware/v1/ListHardwareResponse.ts';
import type { WatchHardwareResponse__Output as Batch } from '../generated/smee/hardware/v1/WatchHardwareResponse.ts';
import { type Hardware, type HardwareInput, HardwareService } from './contract.ts';
import type { ClientSettings } from './replica-settings.ts';

/** How a record is asked for: exactly one of these. */
type HardwareKey = Pick<GetHardwareRequest, 'name' | 'mac' | 'ip' | 'agentId'>;

/** Where a watcher is; revision 0 asks for a snapshot first. */
export interface Position {
  readonly storeId: string;
  readonly revision: number;
}

/** The hardware service said no. `code` is gRPC's: `invalid-argument`, `already-exists`, `aborted`, `unauthenticated`, … */
export class HardwareCallError extends SmeeError {}

/** The hardware service, as its callers use it. Calls reject with {@link HardwareCallError} or {@link UnavailableError}. */
export interface HardwareClient extends Disposable {
  /** undefined when nothing matches. */
  get(key: HardwareKey): Promise<Hardware | undefined>;
  /** Every record by name, page by page. */
  list(): AsyncGenerator<Hardware, void, void>;
  /** Creates or updates. */
  apply(hardware: HardwareInput): Promise<{ readonly hardware: Hardware; readonly created: boolean }>;
  /** false when there is no such record. @param revision the one that was seen; 0 for any */
  delete(name: string, revision?: number): Promise<boolean>;
  /** The raw stream: its owner handles its `error`, and cancels it. */
  watch(since: Position): ClientReadableStream<Batch>;
  [Symbol.dispose](): void;
}

export interface ClientOptions {
  /** A connection that carries a call is pinged when silent for so long, in milliseconds. Default 10 000. */
  readonly keepaliveMs?: number;
  /** A ping not answered for so long ends the connection. Default 20 000, as gRPC's. */
  readonly keepaliveTimeoutMs?: number;
  /** How long one call may take, in milliseconds; watches have no end. Default 10 000. */
  readonly deadlineMs?: number;
}

/**
 * A client of the hardware service. Connects when first called; holds one connection of its own, so that a new client starts
 * without the back-off, the address or the credentials of an older one.
 * @throws {ConfigError} when a token or certificate file cannot be used
 */
export function connectHardware(settings: ClientSettings, options: ClientOptions = {}): HardwareClient {
  const { keepaliveMs = 10_000, keepaliveTimeoutMs = 20_000, deadlineMs = 10_000 } = options;
  const { channel, token } = readCredentials(settings);
  const where = targetOf(settings.hardwareAddr);
  const grpc = new HardwareService(where, channel, {
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
  });

  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);

  /** One unary call as a promise. */
  const call = <T>(start: (deadline: Date, done: Done<T>) => ClientUnaryCall): Promise<T> =>
    new Promise((resolve, reject) => {
      start(new Date(Date.now() + deadlineMs), (error, value) => {
        if (error !== null) reject(toError(error, where));
        else if (value === undefined) reject(new UnavailableError(`${where} sent an empty answer`));
        else resolve(value);
      });
    });

  return {
    async get(key) {
      return await orUndefined(
        call<Hardware>((deadline, done) => grpc.getHardware(key, metadata, { deadline }, done)),
      );
    },
    async *list() {
      for (let pageToken = ''; ; ) {
        const request = { pageSize: 500, pageToken };
        const page = await call<Page>((deadline, done) =>
          grpc.listHardware(request, metadata, { deadline }, done),
        );
        yield* page.hardware;
        if (page.nextPageToken === undefined || page.nextPageToken === '') return;
        pageToken = page.nextPageToken;
      }
    },
    async apply(hardware) {
      const applied = await call<Applied>((deadline, done) =>
        grpc.applyHardware({ hardware }, metadata, { deadline }, done),
      );
      if (applied.hardware === undefined) throw new UnavailableError(`${where} sent no record back`);
      return { hardware: applied.hardware, created: applied.created ?? false };
    },
    async delete(name, revision = 0) {
      const deleted = call<object>((deadline, done) =>
        grpc.deleteHardware({ name, revision }, metadata, { deadline }, done),
      );
      return (await orUndefined(deleted)) !== undefined;
    },
    watch: ({ storeId, revision }) => grpc.watchHardware({ storeId, sinceRevision: revision }, metadata),
    [Symbol.dispose]: () => grpc.close(),
  };
}

type Done<T> = (error: ServiceError | null, value?: T) => void;

/** Not found is a value. */
async function orUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof HardwareCallError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** CANCELLED, where we did not cancel, is a server that was killed. */
const absent: readonly status[] = [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED];

/** gRPC's status as one of our errors: nobody above knows gRPC's codes. */
export function toError(error: ServiceError, where: string): SmeeError {
  if (absent.includes(error.code)) {
    return new UnavailableError(`the hardware service at ${where} does not answer: ${error.details}`, {
      cause: error,
    });
  }
  const code = (status[error.code] ?? 'UNKNOWN').toLowerCase().replaceAll('_', '-');
  return new HardwareCallError(code, error.details, { cause: error });
}

/** `[::1]:50051` for an IPv6 address. */
function targetOf({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
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
