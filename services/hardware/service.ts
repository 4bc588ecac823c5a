import type {
  handleServerStreamingCall,
  handleUnaryCall,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { messageOf, UnavailableError } from '#shared/errors.ts';
import type { WatchHardwareRequest__Output } from '#shared/generated/smee/hardware/v1/WatchHardwareRequest.ts';
import { HardwareService } from '#shared/hardware/contract.ts';
import { internal } from './decide/refusals.ts';
import { statusOf } from './failure.ts';
import { getHardware, listHardware } from './handlers/read.ts';
import { type Watcher, watchHardware } from './handlers/watch.ts';
import { applyHardware, createHardware, deleteHardware, updateHardware } from './handlers/write.ts';
import type { Answer, Caller, Handling } from './handling.ts';
import type { Refusal } from './wire/status.ts';

/** The contract's service, except that its responses arrive here encoded: as they are stored, or once for all watchers. */
export const encodedService: ServiceDefinition = Object.fromEntries(
  Object.entries(HardwareService.service).map(([name, method]) => [
    name,
    {
      ...method,
      responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
    },
  ]),
);

/** The handlers as gRPC calls them. */
export function hardwareCalls(handling: Handling): UntypedServiceImplementation {
  const unary =
    <Q>(
      handle: (handling: Handling, request: Q, who: Caller) => Answer | Promise<Answer>,
    ): handleUnaryCall<Q, Uint8Array> =>
    async (call, respond) => {
      const who = callerOf(call);
      const rpc = call.getPath();
      const answer = await attempt(handling, rpc, () => handle(handling, call.request, who));
      handling.log.debug({ ...who, rpc, code: 'code' in answer ? answer.code : 'OK' }, 'answered');
      if (answer instanceof Uint8Array) respond(null, answer);
      else respond(statusOf(answer));
    };

  const watch: handleServerStreamingCall<WatchHardwareRequest__Output, Uint8Array> = async (call) => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    const { log, metrics } = handling;
    const { sinceRevision } = call.request;
    log.debug({ ...callerOf(call), sinceRevision }, 'watch begins');
    metrics.watchers.inc();
    const refusal = await attempt(handling, call.getPath(), () =>
      watchHardware(handling, call.request, watcherOf(call, gone.signal, handling.watchStall)),
    );
    metrics.watchers.dec();
    log.debug({ ...callerOf(call), code: refusal?.code }, 'watch ends');
    if (refusal !== undefined) call.emit('error', statusOf(refusal));
  };

  return {
    GetHardware: unary(getHardware),
    ListHardware: unary(listHardware),
    WatchHardware: watch,
    CreateHardware: unary(createHardware),
    UpdateHardware: unary(updateHardware),
    DeleteHardware: unary(deleteHardware),
    ApplyHardware: unary(applyHardware),
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

function callerOf(call: Pick<ServerUnaryCall<unknown, unknown>, 'getPeer' | 'getAuthContext'>): Caller {
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
