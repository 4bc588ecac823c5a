import type { ClientWritableStream } from '@grpc/grpc-js';
import { SmeeError } from '../errors.ts';
import type { ReportEventsRequest } from '../generated/smee/boot/v1/ReportEventsRequest.ts';
import type { ClientSettings } from '../grpc/settings.ts';
import { type BootClient, connectBoots } from './client.ts';

/** How a stream ended: `done` when the service ended it in peace. */
export type Ended = SmeeError | 'done';

/**
 * One `ReportEvents` stream over a connection of its own. A message counts as sent when HTTP/2 has taken it: that waits for a
 * service that is slow, and is the most that can be known before the stream's end.
 */
export class ReportStream implements Disposable {
  readonly #client: BootClient;
  readonly #call: ClientWritableStream<ReportEventsRequest>;
  readonly #onEnd: () => void;
  #ended: Ended | undefined;
  #settle: (sent: boolean) => void = () => {};

  /**
   * @param onEnd called once, when the stream has ended
   * @throws {ConfigError} when a token or certificate file cannot be used
   */
  constructor(settings: ClientSettings, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#client = connectBoots(settings);
    this.#call = this.#client.openReport((error) => this.#end(endOf(error)));
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
    this.#client[Symbol.dispose]();
  }

  #end(how: Ended): void {
    this.#ended = how;
    this.#settle(false);
    this.#onEnd();
  }
}

function endOf(error: Error | undefined): Ended {
  if (error === undefined) return 'done';
  return error instanceof SmeeError ? error : new SmeeError('broken', error.message, { cause: error });
}
