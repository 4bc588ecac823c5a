import type { ClientReadableStream } from '@grpc/grpc-js';
import { UnavailableError } from '../errors.ts';
import type { ApplyHardwareResponse__Output as Applied } from '../generated/smee/hardware/v1/ApplyHardwareResponse.ts';
import type { GetHardwareRequest } from '../generated/smee/hardware/v1/GetHardwareRequest.ts';
import type { ListHardwareResponse__Output as Page } from '../generated/smee/hardware/v1/ListHardwareResponse.ts';
import type { WatchHardwareResponse__Output as Batch } from '../generated/smee/hardware/v1/WatchHardwareResponse.ts';
import { type ClientOptions, openChannel } from '../grpc/channel.ts';
import { orUndefined } from '../grpc/errors.ts';
import type { ClientSettings } from '../grpc/settings.ts';
import { type Hardware, type HardwareInput, HardwareService } from './contract.ts';
import { readBatch, type WatchBatch } from './wire/batch.ts';

const { path: watchPath, requestSerialize: writeWatch } = HardwareService.service.WatchHardware;

/** How a record is asked for: exactly one of these. */
type HardwareKey = Pick<GetHardwareRequest, 'name' | 'mac' | 'ip' | 'agentId'>;

/** Where a watcher is; revision 0 asks for a snapshot first. */
export interface Position {
  readonly storeId: string;
  readonly revision: number;
}

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
  /** The same with what machines are made of, and no more of each record. */
  watchMachines(since: Position): ClientReadableStream<WatchBatch>;
  [Symbol.dispose](): void;
}

/**
 * A client of the hardware service. Connects when first called; holds one connection of its own, so that a new client starts
 * without the back-off, the address or the credentials of an older one.
 * @throws {ConfigError} when a token or certificate file cannot be used
 */
export function connectHardware(settings: ClientSettings, options: ClientOptions = {}): HardwareClient {
  const { where, channel, options: channelOptions, metadata, call } = openChannel(settings, options);
  const grpc = new HardwareService(where, channel, channelOptions);

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
    watchMachines: ({ storeId, revision: sinceRevision }) =>
      grpc.makeServerStreamRequest(watchPath, writeWatch, readBatch, { storeId, sinceRevision }, metadata),
    [Symbol.dispose]: () => grpc.close(),
  };
}
