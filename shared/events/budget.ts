import { RateLimit } from '../rate-limit.ts';
import type { BootEvent } from './event.ts';

/** Events per second, and at once. Ten thousand machines that boot at once tell 40 000 of DHCP alone: let them. */
const machines = { perSecond: 1000, burst: 50_000 } as const;

/** Their chatter has a share of its own, so that it costs no event of a boot. */
const chatter = { perSecond: 500, burst: 5000 } as const;

/** As many as of their log lines: anybody can make up MACs. */
const strangers = { perSecond: 10, burst: 100 } as const;

/**
 * What was served to an address that no record has: where another server gives the addresses, only the hardware service knows
 * whose they are. Nobody makes up an address and gets a file.
 */
const passersBy = { perSecond: 200, burst: 5000 } as const;

/** How much is told at all, before it costs anything. */
export class EventBudget {
  readonly #machines: RateLimit;
  readonly #chatter: RateLimit;
  readonly #strangers: RateLimit;
  readonly #passersBy: RateLimit;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number) {
    this.#machines = new RateLimit(machines.perSecond, machines.burst, now);
    this.#chatter = new RateLimit(chatter.perSecond, chatter.burst, now);
    this.#strangers = new RateLimit(strangers.perSecond, strangers.burst, now);
    this.#passersBy = new RateLimit(passersBy.perSecond, passersBy.burst, now);
  }

  admits(event: BootEvent): boolean {
    const { name, stage, said } = event;
    // So few that they are bounded where they are made.
    if (said === 'fetching') return true;
    if (isPasserBy(event)) return this.#passersBy.allow();
    if (name === undefined) return this.#strangers.allow();
    return stage === 'syslog' ? this.#chatter.allow() : this.#machines.allow();
  }
}

function isPasserBy({ mac, stage, outcome }: BootEvent): boolean {
  return mac === undefined && outcome === 'yes' && stage !== 'dhcp';
}

/** Whether a boot may lack it when it is not admitted: nobody misses what strangers and logs say without end. */
export function isMissed(event: BootEvent): boolean {
  return event.stage !== 'syslog' && (event.name !== undefined || isPasserBy(event));
}
