import { RateLimit } from '../rate-limit.ts';
import type { BootEvent } from './event.ts';

/** Events per second, and at once. Ten thousand machines that boot in a minute tell 80 000: let them. */
const machines = { perSecond: 1000, burst: 20_000 } as const;

/** Their chatter has a share of its own, so that it costs no event of a boot. */
const chatter = { perSecond: 500, burst: 5000 } as const;

/** As many as of their log lines: anybody can make up MACs. */
const strangers = { perSecond: 10, burst: 100 } as const;

/** How much is told at all, before it costs anything. */
export class EventBudget {
  readonly #machines: RateLimit;
  readonly #chatter: RateLimit;
  readonly #strangers: RateLimit;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number) {
    this.#machines = new RateLimit(machines.perSecond, machines.burst, now);
    this.#chatter = new RateLimit(chatter.perSecond, chatter.burst, now);
    this.#strangers = new RateLimit(strangers.perSecond, strangers.burst, now);
  }

  admits({ name, stage }: BootEvent): boolean {
    if (name === undefined) return this.#strangers.allow();
    return stage === 'syslog' ? this.#chatter.allow() : this.#machines.allow();
  }
}
