import type {
  handleServerStreamingCall,
  handleUnaryCall,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceDefinition,
} from '@grpc/grpc-js';
import type { Gauge } from 'prom-client';
import { messageOf, UnavailableError } from '#shared/errors.ts';
import { internal, undecodable } from './decide/refusals.ts';
import { statusOf } from './failure.ts';
import type { Answer, Caller, Handling } from './handling.ts';
import type { Refusal } from './wire/status.ts';

/** A request whose bytes are no message of the contract: the caller's mistake, which gRPC itself would call ours. */
class Undecodable {}

/** A service whose responses arrive here encoded: as they are stored, or once for all watchers. */
export function encoded(service: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => [
      name,
      {
        ...method,
        requestDeserialize: method.requestStream
          ? method.requestDeserialize
          : total(method.requestDeserialize),
        responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      },
    ]),
  );
}

function total<Q>(decode: (bytes: Buffer) => Q): (bytes: Buffer) => Q | Undecodable {
  return (bytes) => {
    try {
      return decode(bytes);
    } catch {
      return new Undecodable();
    }
  };
}

/** A handler of one request as gRPC calls it. */
export function unary<Q>(
  handling: Handling,
  handle: (handling: Handling, request: Q, who: Caller) => Answer | Promise<Answer>,
): handleUnaryCall<Q, Uint8Array> {
  return async (call, respond) => {
    const who = callerOf(call);
    const rpc = call.getPath();
    const { request } = call;
    const answer = await attempt(handling, rpc, () =>
      request instanceof Undecodable ? undecodable : handle(handling, request, who),
    );
    handling.log.debug({ ...who, rpc, code: 'code' in answer ? answer.code : 'OK' }, 'answered');
    if (answer instanceof Uint8Array) respond(null, answer);
    else respond(statusOf(answer));
  };
}

/** One watcher's stream, as far as a watch needs it. */
export interface Watcher {
  /** Aborted when the watcher is gone. */
  readonly gone: AbortSignal;
  /** Hands one message over; true when the watcher's connection has taken it, false when it did not within the time allowed. */
  send(message: Uint8Array): Promise<boolean>;
}

/**
 * A watch as gRPC calls it: it lasts until the watcher leaves (undefined) or has to be cut off (why).
 * @param from where it begins, for the log
 */
export function watch<Q>(
  handling: Handling,
  { open, from }: { readonly open: Gauge; readonly from: (request: Q) => object },
  serve: (handling: Handling, request: Q, watcher: Watcher) => Promise<Refusal | undefined>,
): handleServerStreamingCall<Q, Uint8Array> {
  return async (call) => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    const { log, watchStall } = handling;
    const { request } = call;
    if (request instanceof Undecodable) {
      call.emit('error', statusOf(undecodable));
      return;
    }
    log.debug({ ...callerOf(call), ...from(request) }, 'watch begins');
    open.inc();
    const refusal = await attempt(handling, call.getPath(), () =>
      serve(handling, request, watcherOf(call, gone.signal, watchStall)),
    );
    open.dec();
    log.debug({ ...callerOf(call), code: refusal?.code }, 'watch ends');
    if (refusal !== undefined) call.emit('error', statusOf(refusal));
  };
}

/** An error that nobody expected is logged here, and says nothing of itself to the caller. */
async function attempt<T>({ log }: Handling, rpc: string, work: () => T | Promise<T>): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    log.error({ rpc, error: messageOf(error) }, 'call failed');
    return error instanceof UnavailableError ? { code: 'UNAVAILABLE', message: error.message } : internal;
  }
}

export function callerOf(
  call: Pick<ServerUnaryCall<unknown, unknown>, 'getPeer' | 'getAuthContext'>,
): Caller {
  const cn = call.getAuthContext().sslPeerCertificate?.subject?.CN;
  return { peer: call.getPeer(), ...(typeof cn === 'string' ? { cn } : {}) };
}

function watcherOf(
  call: ServerWritableStream<unknown, Uint8Array>,
  gone: AbortSignal,
  within: number,
): Watcher {
  return {
    gone,
    send(message) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(resolve, within, false);
      const taken = () => resolve(true);
      // A cancelled call never says that it has written.
      gone.addEventListener('abort', taken, { once: true });
      call.write(message, taken);
      return promise.finally(() => {
        clearTimeout(timer);
        gone.removeEventListener('abort', taken);
      });
    },
  };
}
