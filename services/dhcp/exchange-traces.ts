import type { Reason } from '#shared/boot/reasons.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import type { Mac } from '#shared/mac.ts';
import { RateLimit } from '#shared/rate-limit.ts';
import type { TraceContext } from '#shared/trace/context.ts';
import type { Span, Tracing } from '#shared/trace/tracing.ts';
import type { Answer } from './decide/reply.ts';
import { redact } from './exchange-log.ts';
import type { Written } from './handler.ts';
import { attributesOf } from './wire/attributes.ts';
import { decode } from './wire/packet.ts';
import type { Request } from './wire/request.ts';

/** One boot of one machine, from its firmware's DISCOVER on. */
interface Attempt {
  /** The first exchange: the others are its children. */
  readonly root: TraceContext;
  readonly since: number;
  heard: number;
  /** A loader of ours, or iPXE, has spoken: when the firmware speaks again, the machine has been reset. */
  loaded: boolean;
}

/** Machines whose attempt is remembered at a time; the one that was heard of first is forgotten first. */
const remembered = 10_000;

/** A machine that was silent for so long, or has been at it for so long, begins anew. Milliseconds. */
const silentFor = 120_000;
const longestAttempt = 900_000;

/** Spans about strangers, per second and at once: whoever makes up MACs leaves the queue to the machines that we know. */
const strangersPerSecond = 10;
const strangersAtOnce = 100;

/**
 * A span per exchange, and one trace for all exchanges of a boot: DHCP carries no context from the client back to us, so it is
 * remembered here, by MAC, for machines with a record. Their number is bounded, and so is the time.
 */
export class ExchangeTraces {
  readonly #tracing: Tracing;
  readonly #now: () => number;
  readonly #attempts = new Map<Mac, Attempt>();
  readonly #strangers: RateLimit;

  /** @param now milliseconds of a clock that never goes back */
  constructor(tracing: Tracing, now: () => number) {
    this.#tracing = tracing;
    this.#now = now;
    this.#strangers = new RateLimit(strangersPerSecond, strangersAtOnce, now);
  }

  /** Undefined for strangers above their limit. */
  begin(request: Request, machine: Machine | undefined): Span | undefined {
    const name = `DHCP ${request.type ?? 'BOOTP'}`;
    if (machine === undefined) return this.#strangers.allow() ? this.#tracing.begin(name) : undefined;
    const { mac } = machine.dhcp;
    const attempt = this.#going(mac, request);
    const span = this.#tracing.begin(name, { parent: attempt?.root });
    if (attempt === undefined) this.#remember(mac, request, span.context);
    return span;
  }

  end(span: Span, request: Request, answer: Answer, why: Reason, written: Written | undefined): void {
    const failed = answer.said === 'NAK' || (answer.said !== 'silent' && why !== 'ok');
    const packets = {
      ...attributesOf(request.packet, 'request'),
      ...(written && attributesOf(decode(written.outgoing.bytes), 'reply')),
    };
    const attributes = Object.entries(packets).map(([name, value]) => {
      return [name, typeof value === 'string' ? redact(value) : value];
    });
    span.end(
      {
        ...Object.fromEntries(attributes),
        'smee.mac': request.mac,
        'smee.said': answer.said,
        'smee.why': why,
      },
      failed,
    );
  }

  #going(mac: Mac, request: Request): Attempt | undefined {
    const attempt = this.#attempts.get(mac);
    if (attempt === undefined) return undefined;
    const now = this.#now();
    const isOver = now - attempt.heard > silentFor || now - attempt.since > longestAttempt;
    if (isOver || (attempt.loaded && isFirmware(request))) {
      this.#attempts.delete(mac);
      return undefined;
    }
    attempt.heard = now;
    attempt.loaded ||= request.userClasses.length > 0;
    return attempt;
  }

  #remember(mac: Mac, { userClasses }: Request, root: TraceContext): void {
    const [oldest] = this.#attempts.keys();
    if (this.#attempts.size >= remembered && oldest !== undefined) this.#attempts.delete(oldest);
    const now = this.#now();
    this.#attempts.set(mac, { root, since: now, heard: now, loaded: userClasses.length > 0 });
  }
}

/** A netboot client that is no iPXE: nobody but the firmware speaks so, and it does when the machine is switched on. */
function isFirmware({ type, vendorClass = '', userClasses }: Request): boolean {
  return type === 'DISCOVER' && userClasses.length === 0 && /^(PXE|HTTP)Client/.test(vendorClass);
}
