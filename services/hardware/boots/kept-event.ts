import type { BootEvent } from '#shared/events/event.ts';
import { factOf, supersedes } from '../decide/boots/fact.ts';
import { readEvent } from '../decide/boots/read-event.ts';
import { decodeEvent } from './codec.ts';
import type { EventRows } from './event-rows.ts';

/** An event as it is kept; undefined when it cannot be read any more. */
export function keptEvent(body: Uint8Array): BootEvent | undefined {
  const told = decodeEvent(body);
  const event = told && readEvent(told, Number.POSITIVE_INFINITY);
  return typeof event === 'string' ? undefined : event;
}

/**
 * Makes room for what is told of a fetch: only the last is kept of all that was told while it was under way, and nothing once it is
 * over.
 * @returns how many events went, and whether this one is to be kept at all: it may come late
 */
export function replaceFetch(
  events: EventRows,
  event: BootEvent,
): { readonly removed: number; readonly isNews: boolean } {
  if (event.fetch === undefined) return { removed: 0, isNews: true };
  const fact = factOf(event);
  let removed = 0;
  for (const { id, body } of events.ofFetch(event.fetch)) {
    const before = keptEvent(body);
    if (before === undefined) continue;
    if (supersedes(factOf(before), fact)) return { removed, isNews: false };
    if (!supersedes(fact, factOf(before))) continue;
    events.remove(id);
    removed++;
  }
  return { removed, isNews: true };
}
