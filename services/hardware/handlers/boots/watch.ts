import type { WatchEventsRequest__Output } from '#shared/generated/smee/boot/v1/WatchEventsRequest.ts';
import type { BootRow } from '../../boots/boot-rows.ts';
import { macsOf } from '../../boots/find.ts';
import type { Watcher } from '../../calls.ts';
import { absentBoot, invalid, stopping, tooSlowForEvents } from '../../decide/refusals.ts';
import type { Handling } from '../../handling.ts';
import { watchEventsResponse } from '../../wire/boot-answers.ts';
import type { Refusal } from '../../wire/status.ts';
import { nextChange } from '../watch.ts';

/** Events, and boots, in one message at most. */
const most = 256;

/** How far a watcher has been told. */
interface Place {
  readonly event: number;
  readonly change: number;
}

/**
 * Serves one watcher until it leaves (undefined) or has to be cut off (why). Nothing is buffered for it: what comes next is read
 * from the database once the message before has been taken, so its memory is one message however slow it reads.
 */
export async function watchEvents(
  handling: Handling,
  request: WatchEventsRequest__Output,
  watcher: Watcher,
): Promise<Refusal | undefined> {
  const { keeper, store, stop } = handling;
  const { machine = '', afterId = 0, sinceUnixMilli: since = 0 } = request;
  if (afterId < 0) return invalid([{ field: 'after_id', description: 'must not be negative' }]);
  if (since < 0) return invalid([{ field: 'since_unix_milli', description: 'must not be negative' }]);
  const macs = machine === '' ? undefined : macsOf(machine, store, keeper.boots);
  if (macs?.length === 0) return absentBoot(JSON.stringify(machine));

  const begin = since === 0 ? keeper.lastEvent : keeper.events.lastBefore(since);
  let place: Place = { event: afterId === 0 ? begin : afterId, change: keeper.lastChange };
  while (!watcher.gone.aborted) {
    if (stop.aborted) return stopping;
    const found = read(handling, place, macs);
    const isAtEnd = found.place.change === place.change && found.place.event === place.event;
    place = found.place;
    if (found.message !== undefined && !(await watcher.send(found.message))) return tooSlowForEvents;
    if (isAtEnd) await nextChange(keeper.onChange, [watcher.gone, stop]);
  }
  return undefined;
}

/** The next events and the boots that they or time have changed, as one message; none when there is nothing new. */
function read({ keeper }: Handling, place: Place, macs: readonly string[] | undefined) {
  const events = eventsAfter(keeper, place.event, macs);
  const changed = keeper.boots.changed(place.change, most);
  const event = events.at(-1)?.id ?? place.event;
  const change = changed.at(-1)?.change ?? place.change;
  const boots = new Map<number, BootRow>();
  // A watcher that catches up is told of boots that changed long ago, too.
  for (const id of new Set(events.map(({ boot }) => boot))) {
    const row = keeper.boots.byId(id);
    if (row !== undefined) boots.set(id, row);
  }
  for (const row of changed) if (macs?.includes(row.mac) !== false) boots.set(row.id, row);
  const message =
    events.length + boots.size === 0
      ? undefined
      : watchEventsResponse(
          events,
          [...boots.values()].map(({ body }) => body),
        );
  return { message, place: { event, change } };
}

function eventsAfter({ events }: Handling['keeper'], after: number, macs: readonly string[] | undefined) {
  if (macs === undefined) return events.after(after, most);
  const all = macs.flatMap((mac) => events.after(after, most, mac));
  return all.toSorted((a, b) => a.id - b.id).slice(0, most);
}
