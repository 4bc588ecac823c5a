import type { Log } from '#shared/log.ts';
import type { Gaps } from './boots/gaps.ts';
import type { BootKeeper } from './boots/keeper.ts';
import type { Listing } from './boots/listing.ts';
import type { ReportedServices } from './boots/reported-services.ts';
import type { Feed } from './feed.ts';
import type { HardwareMetrics } from './metrics.ts';
import type { Store } from './store/store.ts';
import type { Refusal } from './wire/status.ts';

/** What the handlers of all rpcs share. */
export interface Handling {
  readonly store: Store;
  readonly feed: Feed;
  /** What happened while machines booted. */
  readonly keeper: BootKeeper;
  readonly listing: Listing;
  readonly reported: ReportedServices;
  readonly gaps: Gaps;
  readonly log: Log;
  readonly metrics: HardwareMetrics;
  /** Aborted when the service stops. */
  readonly stop: AbortSignal;
  /** How long a watcher may take for one message, in milliseconds, before it is cut off. */
  readonly watchStall: number;
}

/** Who calls, as it is logged. */
export interface Caller {
  readonly peer: string;
  /** The common name of the client's certificate, where it has shown one. */
  readonly cn?: string;
}

/** The encoded response, or why there is none. */
export type Answer = Uint8Array | Refusal;
