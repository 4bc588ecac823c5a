import type { Replica } from './replica.ts';

/** In place of a replica where there are no records, for ever: everybody is unknown, and nobody is asked. */
export const noRecords: Replica = {
  ready: true,
  connected: true,
  revision: 0,
  size: 0,
  readiness: () => ({ ready: true }),
  byMac: () => undefined,
  byIp: () => [],
  [Symbol.asyncDispose]: async () => {},
};
