import {
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  status,
} from '@grpc/grpc-js';
import type { Log } from '#shared/log.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import { bearerCheck } from '#shared/token.ts';
import { unauthenticated } from './decide/refusals.ts';
import { statusOf } from './failure.ts';
import type { HardwareMetrics } from './metrics.ts';

/** Counts every call by its outcome; stands nearest to the wire, so that refused calls are counted too. */
export function countCalls(metrics: HardwareMetrics): ServerInterceptor {
  return (method, call) => {
    const rpc = method.path.slice(1);
    let counted = false;
    const count = (code: number) => {
      if (!counted) metrics.calls.inc({ rpc, code: status[code] ?? 'UNKNOWN' });
      counted = true;
    };
    const listener = new ServerListenerBuilder().withOnReceiveMetadata((metadata, next) => next(metadata));
    listener.withOnCancel(() => count(status.CANCELLED));
    return new ServerInterceptingCall(
      call,
      new ResponderBuilder()
        .withStart((next) => next(listener.build()))
        .withSendStatus((sent, next) => {
          count(sent.code ?? status.OK);
          next(sent);
        })
        .build(),
    );
  };
}

/** Health checks may come from probes that hold no secrets, and tell none. */
const openPrefix = '/grpc.health.v1.Health/';

/** Lets a call pass that carries the token, on every rpc but those of grpc.health.v1. Compares in constant time. */
export function requireToken(token: string, log: Log): ServerInterceptor {
  const isRight = bearerCheck(token);
  const limit = new RateLimit(1, 10);
  return (method, call) => {
    if (method.path.startsWith(openPrefix)) return new ServerInterceptingCall(call);
    const listener = new ServerListenerBuilder().withOnReceiveMetadata((metadata, next) => {
      const [shown = ''] = metadata.get('authorization');
      if (isRight(shown)) return next(metadata);
      if (limit.allow())
        log.warn(
          { peer: call.getPeer(), rpc: method.path, suppressed: limit.takeSuppressed() },
          'call without a valid token',
        );
      return call.sendStatus(statusOf(unauthenticated));
    });
    return new ServerInterceptingCall(
      call,
      new ResponderBuilder().withStart((next) => next(listener.build())).build(),
    );
  };
}
