import type { BootEvent } from '../../wire/api.ts';

/** In the order in which they happened, each once; of a fetch that takes long only the last that is known. */
export function withEvents(known: readonly BootEvent[], more: readonly BootEvent[]): readonly BootEvent[] {
  const ids = new Set(known.map(({ id }) => id));
  const all = [...known, ...more.filter(({ id }) => !ids.has(id))];
  const last = new Map<string, number>();
  for (const { fetch, id } of all) last.set(fetch, Math.max(id, last.get(fetch) ?? 0));
  return all
    .filter(({ said, fetch, id }) => said !== 'fetching' || last.get(fetch) === id)
    .toSorted((a, b) => a.at - b.at || a.id - b.id);
}
