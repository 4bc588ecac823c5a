import { dirname, join } from 'node:path';
import type { Log } from '#shared/log.ts';
import type { HardwareSettings } from '../config.ts';
import type { HardwareMetrics } from '../metrics.ts';
import type { Store } from '../store/store.ts';
import { openBootDatabase } from './database.ts';
import { Gaps } from './gaps.ts';
import { BootKeeper } from './keeper.ts';
import { type BootLimits, bootLimits } from './limits.ts';
import { Listing } from './listing.ts';
import { ReportedServices } from './reported-services.ts';

/** All that is known of boots, and of the services that tell of them. */
export interface Boots extends Disposable {
  readonly keeper: BootKeeper;
  readonly listing: Listing;
  readonly reported: ReportedServices;
  readonly gaps: Gaps;
}

/** Opens the boots beside whichever store of records. Never fails: see {@link openBootDatabase}. */
export function openBoots(
  settings: HardwareSettings,
  store: Store,
  metrics: Pick<HardwareMetrics, 'bootEvents'>,
  log: Log,
  limits: Partial<BootLimits> = {},
): Boots {
  const { bootsPath, sqlitePath } = settings;
  const database = openBootDatabase(bootsPath ?? join(dirname(sqlitePath), 'boots.db'), log);
  const gaps = new Gaps(database, log);
  const keeper = new BootKeeper({
    database,
    limits: { ...bootLimits(settings), ...limits },
    nameOf: (mac) => store.find({ field: 'mac', value: mac })[0]?.name ?? '',
    count: (outcome, events) => metrics.bootEvents.inc({ outcome }, events),
    missed: (gap) => gaps.add(gap, { service: 'hardware', instance: '' }),
    log,
    now: Date.now,
  });
  const unlisten = store.onChange(() => keeper.recordsChanged());
  return {
    keeper,
    listing: new Listing(database),
    reported: new ReportedServices(database, log),
    gaps,
    [Symbol.dispose]() {
      unlisten();
      keeper[Symbol.dispose]();
    },
  };
}
