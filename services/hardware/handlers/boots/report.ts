import type { handleClientStreamingCall } from '@grpc/grpc-js';
import type { Source } from '../../boots/keeper.ts';
import { callerOf } from '../../calls.ts';
import { readGap } from '../../decide/boots/read-gap.ts';
import { type Hello, readHello } from '../../decide/boots/read-hello.ts';
import { invalid, stopping } from '../../decide/refusals.ts';
import { statusOf } from '../../failure.ts';
import type { Handling } from '../../handling.ts';
import { reportEventsResponse } from '../../wire/boot-answers.ts';
import type { Refusal } from '../../wire/status.ts';
import type { ToldEvents } from '../../wire/told-events.ts';

/** Events in one message, at most. */
const most = 512;

/** One service's stream of events, until it ends it, or breaks the contract. A bad event is none of that: only it is refused. */
export function reportEvents(handling: Handling): handleClientStreamingCall<ToldEvents, Uint8Array> {
  return (call, respond) => {
    const { log, metrics, reported, stop } = handling;
    const session = new Session(handling);
    let open = true;
    metrics.reporters.inc();
    const close = () => {
      if (open && session.hello !== undefined) reported.closed(session.hello);
      if (open) metrics.reporters.dec();
      open = false;
      stop.removeEventListener('abort', stopped);
    };
    const refuse = (refusal: Refusal) => {
      if (!open) return;
      close();
      const { service, instance } = session.hello ?? {};
      log.debug({ ...callerOf(call), from: { service, instance }, code: refusal.code }, 'reporting ends');
      respond(statusOf(refusal));
    };
    const stopped = () => refuse(stopping);
    stop.addEventListener('abort', stopped, { once: true });
    call.on('data', (message: ToldEvents) => {
      const refusal = open ? session.take(message) : undefined;
      if (refusal !== undefined) refuse(refusal);
    });
    call.on('end', () => {
      if (open) respond(null, reportEventsResponse(session.received));
      close();
    });
    call.on('cancelled', close);
    call.on('error', close);
    if (stop.aborted) stopped();
  };
}

class Session {
  readonly #handling: Handling;
  hello: Hello | undefined;
  /** Who that is: one object for all events that it tells. */
  #source: Source | undefined;
  received = 0;

  constructor(handling: Handling) {
    this.#handling = handling;
  }

  /** Takes one message; gives back why the stream cannot go on. */
  take({ hello: told, events, encoded, dropped = 0, gap: lost }: ToldEvents): Refusal | undefined {
    const { keeper, metrics, reported, gaps } = this.#handling;
    if (told !== undefined && told !== null) {
      const hello = readHello(told);
      if (!('service' in hello)) return invalid(hello);
      if (this.hello !== undefined) reported.closed(this.hello);
      this.hello = hello;
      this.#source = { service: hello.service, instance: hello.instance };
      reported.opened(hello);
      reported.remember(hello, Date.now());
    }
    const source = this.#source;
    if (source === undefined)
      return invalid([{ field: 'hello', description: 'is required in the first message' }]);
    if (events.length > most) return invalid([{ field: 'events', description: `must be at most ${most}` }]);
    if (dropped > 0) metrics.droppedByReporters.inc({ reporter: source.service }, dropped);
    const gap = lost && readGap(lost, Date.now());
    if (gap) gaps.add(gap, source);
    for (const [at, event] of events.entries()) keeper.accept(event, source, encoded?.[at]);
    this.received += events.length;
    return undefined;
  }
}
