import type { Log } from '../log.ts';
import { RateLimit } from '../rate-limit.ts';
import type { Ended } from './report-stream.ts';

/** Lines per second, and at once, of each kind. */
const perSecond = 1 / 60;
const atOnce = 3;

/** What a reporter says about itself: a line for each change of its state, none for each attempt, and few however it flaps. */
export class ReportLog {
  readonly #log: Log;
  readonly #changes = new RateLimit(perSecond, atOnce);
  readonly #drops = new RateLimit(perSecond, 1);
  /** The code of the failure that was logged last; undefined while all is well. */
  #announced: string | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  connected(): void {
    if (this.#announced === undefined) return;
    this.#announced = undefined;
    if (this.#changes.allow()) this.#log.info('the hardware service takes boot events again');
  }

  lost(ended: Ended): void {
    if (ended === 'done' || ended.code === this.#announced) return;
    this.#announced = ended.code;
    if (!this.#changes.allow()) return;
    const { code, message: error } = ended;
    this.#log.warn(
      { error, code },
      'the hardware service takes no boot events; the newest wait until it does',
    );
  }

  dropped(): void {
    if (this.#drops.allow()) {
      const dropped = 1 + this.#drops.takeSuppressed();
      this.#log.warn({ dropped }, 'boot events are dropped: too many wait for the hardware service');
    }
  }
}
