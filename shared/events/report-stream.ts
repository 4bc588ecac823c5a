import type { ClientWritableStream } from '@grpc/grpc-js';
import type { SmeeError } from '../errors.ts';
import type { ReportEventsRequest } from '../generated/smee/boot/v1/ReportEventsRequest.ts';
import { openChannel } from '../grpc/channel.ts';
import { toError } from '../grpc/errors.ts';
import type { ClientSettings } from '../grpc/settings.ts';
import { BootService } from './contract.ts';

/** How a stream ended: `done` when the service ended it in peace. */
export type Ended = SmeeError | 'done';

const withoutRetries = { 'grpc.enable_retries': 0, 'grpc.per_rpc_retry_buffer_size': 0 };

/**
 * One `ReportEvents` stream over a connection of its own. A message counts as sent when HTTP/2 has taken it: that waits for a
 * service that is slow, and is the most that can be known before the stream's end.
 */
export class ReportStream implements Disposable {
  readonly #client: InstanceType<typeof BootService>;
  readonly #call: ClientWritableStream<ReportEventsRequest>;
  readonly #onEnd: () => void;
  #ended: Ended | undefined;
  #settle: (sent: boolean) => void = () => {};

  /**
   * @param onEnd called once, when the stream has ended
   * @throws {ConfigError} when a token or certificate file cannot be used
   */
  constructor(settings: ClientSettings, onEnd: () => void) {
    const { where, channel, options, metadata } = openChannel(settings);
    // A message that gRPC keeps for a retry would count as sent.
    this.#client = new BootService(where, channel, { ...options, ...withoutRetries });
    this.#onEnd = onEnd;
    this.#call = this.#client.reportEvents(metadata, (error) => {
      this.#end(error === null ? 'done' : toError(error, where));
    });
    // Of a write that failed: the call's own end says why.
    this.#call.on('error', () => {});
  }

  /** Undefined while it goes on. */
  get ended(): Ended | undefined {
    return this.#ended;
  }

  /** One message at a time. False when the stream ended before it was sent. */
  send(message: ReportEventsRequest): Promise<boolean> {
    if (this.#ended !== undefined) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#settle = resolve;
    this.#call.write(message, (error: unknown) => resolve(error === null || error === undefined));
    return promise;
  }

  /** Says that nothing more comes: the service then ends the stream. */
  finish(): void {
    this.#call.end();
  }

  /** Ends it at once. */
  [Symbol.dispose](): void {
    this.#call.cancel();
    this.#client.close();
  }

  #end(how: Ended): void {
    this.#ended = how;
    this.#settle(false);
    this.#onEnd();
  }
}
