import type { Boot } from '../../wire/api.ts';
import { machineKey } from '../words/states.ts';

/** Each machine's last boot, by machine. */
export type Known = ReadonlyMap<string, Boot>;

/** With these boots added, as far as they are newer than what is known: a slow answer does not undo what came meanwhile. */
export function learn(known: Known, boots: Iterable<Boot>): Known {
  const next = new Map(known);
  for (const boot of boots) {
    const key = machineKey(boot);
    const old = next.get(key);
    if (old === undefined || isNewer(boot, old)) next.set(key, boot);
  }
  return next;
}

/** The one that was heard of last first. */
export function latestFirst(known: Known): readonly Boot[] {
  return [...known.values()].toSorted((a, b) => b.to - a.to || b.id - a.id);
}

/** Another boot of the machine, or the same one later. */
export function isNewer(boot: Boot, old: Boot): boolean {
  if (boot.id !== old.id) return boot.id > old.id;
  // A silence changes a boot without an event.
  return boot.events >= old.events && boot.to >= old.to;
}
