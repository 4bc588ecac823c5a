import { mendOf } from './mend.ts';
import type { Platform } from './platform.ts';
import type { Stage, Step, Told } from './step.ts';
import { story } from './story.ts';
import type { World } from './world.ts';

/** What a machine would be answered, all the way. */
export interface Explanation {
  /** Every step answers yes. */
  readonly boots: boolean;
  /** What comes after a no is what would be answered with that no mended. */
  readonly steps: readonly Step[];
  /** What would have to change, one sentence for each no, in their order. */
  readonly changes: readonly Change[];
  readonly unknowns: readonly string[];
}

interface Change {
  /** Of the step that it mends. */
  readonly stage: Stage;
  readonly change: string;
}

/**
 * A dry run: the services' own decisions about what this machine would ask, one after the other. After a no it goes on as if the
 * no were mended, so that everything that stands in the way is told at once.
 */
export function explain(world: World, platform: Platform): Explanation {
  const steps: Step[] = [];
  const changes: Change[] = [];
  const unknowns = new Set<string>();
  for (let at: World | undefined = world; at !== undefined; ) {
    const run: readonly Told[] = [...story(at, platform)];
    for (const told of run) if ('unknown' in told) unknowns.add(told.unknown);
    const asked = run.filter((told) => 'outcome' in told);
    const refused = asked.findIndex(({ outcome }) => outcome === 'no');
    // What was told stays told: a step that is mended, and says another no then, is one step with two changes.
    steps.push(...asked.slice(steps.length, refused === -1 ? undefined : refused + 1));
    const no = asked[refused];
    if (no === undefined) break;
    const mend = mendOf(at, no);
    // Nothing that we know mends it.
    if (changes.some(({ change }) => change === mend.change)) break;
    changes.push({ stage: no.stage, change: mend.change });
    at = mend.world;
  }
  return { boots: changes.length === 0, steps, changes, unknowns: [...unknowns] };
}
