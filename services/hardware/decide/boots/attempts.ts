import { type Fact, isLoad, isStep, opens } from './fact.ts';
import { clocksApart, leaseBeforeFetch, silence } from './patience.ts';

/** One boot among a machine's facts: those from its start until the next one's. */
export interface Attempt {
  readonly start: number;
  readonly facts: readonly Fact[];
  /** When its last step was over. */
  readonly heard: number;
  /** Another one followed. */
  readonly next: number | undefined;
}

/**
 * Cuts a machine's facts, in their order, into its boots. A pure function of the facts alone: it does not matter in which order
 * they were told. Facts before the first boot (an operating system's lease, a log line) are in none.
 */
export function attemptsOf(facts: readonly Fact[]): readonly Attempt[] {
  const starts = startsOf(facts);
  return starts.map((start, at) => {
    const next = starts[at + 1];
    const own = facts.filter((one) => one.at >= start && (next === undefined || one.at < next));
    const heard = own.reduce(
      (last, fact) => (isStep(fact) || loadsOn(fact, last) ? Math.max(last, fact.until) : last),
      start,
    );
    return { start, heard, next, facts: own };
  });
}

/** When each boot begins; each later than the one before. */
function startsOf(facts: readonly Fact[]): readonly number[] {
  const starts: number[] = [];
  let current: Current | undefined;
  for (const [at, fact] of facts.entries()) {
    if (begins(fact, current)) {
      const start = startBefore(facts, at, current?.heard ?? Number.NEGATIVE_INFINITY);
      if (start !== starts.at(-1)) starts.push(start);
      current = { heard: fact.until, loadedAt: undefined, phoned: false };
    }
    if (current === undefined) continue;
    if (opens(fact) || loadsOn(fact, current.heard)) current.heard = Math.max(current.heard, fact.until);
    if (loads(fact)) current.loadedAt ??= fact.at;
    current.phoned ||= fact.kind === 'phone-home' && fact.outcome !== 'no';
  }
  return starts;
}

/** Whether a boot goes on by this that was heard of last at some time: its kernel alone may take longer than a silence. */
function loadsOn(fact: Fact, heard: number): boolean {
  return isLoad(fact) && fact.at - heard <= silence;
}

interface Current {
  /** The last step of the boot itself was over then. */
  heard: number;
  /** A loader was served, or is running, since then: when the firmware speaks again, the machine has begun anew. */
  loadedAt: number | undefined;
  phoned: boolean;
}

function begins(fact: Fact, current: Current | undefined): boolean {
  if (current === undefined) return opens(fact) || (fact.kind === 'phone-home' && fact.outcome !== 'no');
  if (!opens(fact)) return false;
  if (fact.at - current.heard > silence) return true;
  // A system that is up may still read the ISO that it came from.
  if (current.phoned) return fact.kind !== 'iso';
  // The second DISCOVER of the same firmware comes before a loader, iPXE's own DISCOVER is not the firmware's.
  const { loadedAt } = current;
  const isLoaded = loadedAt !== undefined && fact.at - loadedAt > clocksApart;
  return isLoaded && fact.kind === 'firmware' && fact.type === 'DISCOVER';
}

function loads({ kind, outcome }: Fact): boolean {
  return kind === 'ipxe' || ((kind === 'loader' || kind === 'script') && outcome === 'yes');
}

/** Begins with the leases right before it, when it begins with a fetch: a loader asked for an address like a system does. */
function startBefore(facts: readonly Fact[], at: number, after: number): number {
  const first = facts[at];
  if (first === undefined || first.stage === 'dhcp') return first?.at ?? 0;
  let start = first.at;
  for (let before = at - 1; before >= 0; before--) {
    const fact = facts[before];
    if (fact?.kind !== 'lease' || fact.at <= after || first.at - fact.at > leaseBeforeFetch) break;
    start = fact.at;
  }
  return start;
}
