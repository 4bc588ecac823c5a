import type { ClientReadableStream, ClientWritableStream } from '@grpc/grpc-js';
import type { ExplainBootRequest } from '../generated/smee/boot/v1/ExplainBootRequest.ts';
import type { ExplainBootResponse__Output as Explanation } from '../generated/smee/boot/v1/ExplainBootResponse.ts';
import type { GetBootRequest } from '../generated/smee/boot/v1/GetBootRequest.ts';
import type { GetBootResponse__Output as BootWithEvents } from '../generated/smee/boot/v1/GetBootResponse.ts';
import type { ListBootsRequest } from '../generated/smee/boot/v1/ListBootsRequest.ts';
import type { ListBootsResponse__Output as BootPage } from '../generated/smee/boot/v1/ListBootsResponse.ts';
import type { ReportEventsRequest } from '../generated/smee/boot/v1/ReportEventsRequest.ts';
import type { ReportEventsResponse__Output as Received } from '../generated/smee/boot/v1/ReportEventsResponse.ts';
import type { WatchEventsRequest } from '../generated/smee/boot/v1/WatchEventsRequest.ts';
import type { WatchEventsResponse__Output as EventBatch } from '../generated/smee/boot/v1/WatchEventsResponse.ts';
import { type ClientOptions, openChannel } from '../grpc/channel.ts';
import { orUndefined, toError } from '../grpc/errors.ts';
import type { ClientSettings } from '../grpc/settings.ts';
import { BootService } from './contract.ts';

/** How a boot is asked for: its id, or a machine (MAC in any form, record's name, IPv4 address), whose last one is meant. */
type BootKey = Pick<GetBootRequest, 'id'> | Pick<GetBootRequest, 'machine'>;

/** The boots that the hardware service knows. Calls reject with {@link HardwareCallError} or {@link UnavailableError}. */
export interface BootClient extends Disposable {
  /** One page: `nextPageToken` asks for the next. */
  list(request?: ListBootsRequest): Promise<BootPage>;
  /** undefined when there is no such boot. */
  get(key: BootKey): Promise<BootWithEvents | undefined>;
  /** The raw stream: its owner handles its `error`, and cancels it. */
  watch(request?: WatchEventsRequest): ClientReadableStream<EventBatch>;
  explain(request: ExplainBootRequest): Promise<Explanation>;
  /**
   * The raw stream to write into: a Hello first, then events. The owner ends or cancels it.
   * @param done called once, when the service has taken everything (undefined) or the stream is broken (why)
   */
  openReport(done: (error: Error | undefined) => void): ClientWritableStream<ReportEventsRequest>;
  [Symbol.dispose](): void;
}

/**
 * A client of the hardware service's boots; connects when first called, by a connection of its own.
 * @throws {ConfigError} when a token or certificate file cannot be used
 */
export function connectBoots(settings: ClientSettings, options: ClientOptions = {}): BootClient {
  const { where, channel, options: channelOptions, metadata, call } = openChannel(settings, options);
  // What is kept for a retry counts as written: whoever reports could not tell what is on its way from what is lost.
  const grpc = new BootService(where, channel, { ...channelOptions, 'grpc.per_rpc_retry_buffer_size': 0 });

  return {
    async list(request = {}) {
      return await call<BootPage>((deadline, done) => grpc.listBoots(request, metadata, { deadline }, done));
    },
    async get(key) {
      return await orUndefined(
        call<BootWithEvents>((deadline, done) => grpc.getBoot(key, metadata, { deadline }, done)),
      );
    },
    watch: (request = {}) => grpc.watchEvents(request, metadata),
    async explain(request) {
      return await call<Explanation>((deadline, done) =>
        grpc.explainBoot(request, metadata, { deadline }, done),
      );
    },
    openReport: (done) =>
      grpc.reportEvents(metadata, (error, received?: Received) => {
        if (error !== null) done(toError(error, where));
        else done(received === undefined ? new Error(`${where} sent an empty answer`) : undefined);
      }),
    [Symbol.dispose]: () => grpc.close(),
  };
}
