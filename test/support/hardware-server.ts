import { once } from 'node:events';
import { join } from 'node:path';
import {
  type ChannelCredentials,
  type ClientReadableStream,
  credentials,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import { Registry } from 'prom-client';
import { readSettings } from '#shared/config.ts';
import type { ApplyHardwareResponse__Output } from '#shared/generated/smee/hardware/v1/ApplyHardwareResponse.ts';
import type { Hardware__Output } from '#shared/generated/smee/hardware/v1/Hardware.ts';
import type { HardwareEvent__Output } from '#shared/generated/smee/hardware/v1/HardwareEvent.ts';
import type { ListHardwareResponse__Output } from '#shared/generated/smee/hardware/v1/ListHardwareResponse.ts';
import type { WatchHardwareResponse__Output } from '#shared/generated/smee/hardware/v1/WatchHardwareResponse.ts';
import { type HardwareInput, HardwareService } from '#shared/hardware/contract.ts';
import { hardwareSettings } from '../../services/hardware/config.ts';
import { type RunningHardware, startHardware } from '../../services/hardware/server.ts';
import { type LogLine, logSink } from './log-sink.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A valid record; `index` makes its MAC and its address its own. */
export function record(name: string, index: number, parts: Partial<HardwareInput> = {}): HardwareInput {
  const [high, low] = [index >> 8, index & 255];
  const hex = (byte: number) => byte.toString(16).padStart(2, '0');
  return {
    name,
    interfaces: [
      {
        dhcp: {
          mac: `52:54:00:77:${hex(high)}:${hex(low)}`,
          ip: { address: `10.77.${high}.${low}`, netmask: '255.255.0.0' },
        },
        netboot: { allowPxe: true },
      },
    ],
    ...parts,
  };
}

interface Responses {
  GetHardware: Hardware__Output;
  ListHardware: ListHardwareResponse__Output;
  CreateHardware: Hardware__Output;
  UpdateHardware: Hardware__Output;
  DeleteHardware: object;
  ApplyHardware: ApplyHardwareResponse__Output;
}

type WatchStream = ClientReadableStream<WatchHardwareResponse__Output>;

/** A client whose calls are promises; a failed one rejects with the ServiceError. */
export class TestClient implements Disposable {
  readonly raw: InstanceType<typeof HardwareService>;
  readonly #metadata = new Metadata();

  constructor(port: number, { secure, token }: { secure?: ChannelCredentials; token?: string } = {}) {
    this.raw = new HardwareService(`127.0.0.1:${port}`, secure ?? credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      // RFC 6066: the server's name in TLS is never an address.
      ...(secure === undefined ? {} : { 'grpc.ssl_target_name_override': 'localhost' }),
    });
    if (token !== undefined) this.#metadata.set('authorization', `Bearer ${token}`);
  }

  call<K extends keyof Responses>(rpc: K, request: object): Promise<Responses[K]> {
    const method = HardwareService.service[rpc];
    return new Promise((resolve, reject) => {
      this.raw.makeUnaryRequest(
        method.path,
        (value: object) => method.requestSerialize(value),
        (bytes: Buffer) => method.responseDeserialize(bytes),
        request,
        this.#metadata,
        (error: ServiceError | null, response?: unknown) =>
          error === null ? resolve(response as Responses[K]) : reject(error),
      );
    });
  }

  /** The error of a call that must fail. */
  async refusal(rpc: keyof Responses, request: object): Promise<ServiceError> {
    try {
      await this.call(rpc, request);
    } catch (error) {
      return error as ServiceError;
    }
    throw new Error(`${rpc} was expected to fail`);
  }

  create(hardware: HardwareInput): Promise<Hardware__Output> {
    return this.call('CreateHardware', { hardware });
  }

  watch(from: { storeId?: string; sinceRevision?: number } = {}): Watch {
    return new Watch(this.raw.WatchHardware(from, this.#metadata));
  }

  [Symbol.dispose](): void {
    this.raw.close();
  }
}

/** An open watch, collecting what it is told. */
export class Watch {
  readonly stream: WatchStream;
  readonly events: HardwareEvent__Output[] = [];
  readonly messages: WatchHardwareResponse__Output[] = [];
  /** Resolves when the stream ends, with its error. */
  readonly ended: Promise<ServiceError>;
  storeId = '';

  constructor(stream: WatchStream) {
    this.stream = stream;
    stream.on('data', (message: WatchHardwareResponse__Output) => {
      this.storeId = message.storeId ?? '';
      this.messages.push(message);
      this.events.push(...message.events);
      stream.emit('events');
    });
    const { promise, resolve } = Promise.withResolvers<ServiceError>();
    stream.on('error', resolve);
    this.ended = promise;
  }

  /** Resolves once an event holds; the test's own timeout is the deadline. */
  async until(holds: (event: HardwareEvent__Output) => boolean): Promise<HardwareEvent__Output> {
    for (;;) {
      const found = this.events.find(holds);
      if (found !== undefined) return found;
      await once(this.stream, 'events');
    }
  }

  synced(): Promise<HardwareEvent__Output> {
    return this.until(({ type }) => type === 'SYNCED');
  }

  /** `ADDED a`, `SYNCED`, … */
  get story(): readonly string[] {
    return this.events.map(({ type, hardware }) => [type, hardware?.name].filter(Boolean).join(' '));
  }
}

export interface TestHardware extends AsyncDisposable {
  readonly client: TestClient;
  readonly running: RunningHardware;
  readonly metrics: Registry;
  readonly logLines: readonly LogLine[];
}

/** The service on free ports of 127.0.0.1, with a database of its own; `args` are further flags. */
export async function testHardware(
  args: readonly string[] = [],
  limits: Parameters<typeof startHardware>[1] = {},
): Promise<TestHardware> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const settings = readSettings(hardwareSettings, {
    env: {},
    args: [
      ...['--hardware-bind', '127.0.0.1:0', '--hardware-ops-addr', '127.0.0.1:0'],
      ...['--sqlite-path', join(folder.path, 'smee.db'), ...args],
    ],
  });
  const { log, lines: logLines } = logSink('hardware');
  const metrics = new Registry();
  const running = stack.use(await startHardware({ settings, log, metrics }, limits));
  const client = stack.use(new TestClient(running.address.port));
  const all = stack.move();
  return { client, running, metrics, logLines, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
