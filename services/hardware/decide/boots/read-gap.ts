import type { Gap } from '#shared/events/gap.ts';
import type { Gap__Output } from '#shared/generated/smee/boot/v1/Gap.ts';

/** The clock of a service may be wrong by minutes, as for its events. Milliseconds. */
const ahead = 3_600_000;

/** The gap that a service tells of; undefined for one that cannot be. @param now milliseconds since 1970 */
export function readGap(
  { events = 0, fromUnixMilli: from = 0, toUnixMilli: to = 0 }: Gap__Output,
  now: number,
): Gap | undefined {
  const isCount = events > 0 && events <= Number.MAX_SAFE_INTEGER;
  return isCount && from > 0 && from <= to && to <= now + ahead ? { events, from, to } : undefined;
}
