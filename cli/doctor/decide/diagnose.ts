import type { Facts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { judgeClock } from './clock.ts';
import { judgeInterfaces } from './interfaces.ts';
import { judgePorts, judgeRights } from './ports.ts';
import { judgeFirewall, judgeNamed, judgePath } from './reach.ts';
import { judgeOffers } from './rivals.ts';
import { judgeServices } from './services.ts';
import { judgeDisks, judgeLoaders, judgeRecords } from './stock.ts';

/** All that is wrong, causes first; what follows from another finding is left out. Empty on a healthy host. */
export function diagnose(facts: Facts): readonly Finding[] {
  const causes = [...judgePorts(facts), ...judgeRights(facts), ...judgeInterfaces(facts)];
  return [
    ...causes,
    ...judgeServices(facts, causes),
    ...judgeFirewall(facts),
    ...judgeNamed(facts),
    ...judgeOffers(facts),
    ...judgePath(facts),
    ...judgeLoaders(facts),
    ...judgeRecords(facts),
    ...judgeClock(facts),
    ...judgeDisks(facts),
  ];
}
