import type { Reason } from '#shared/boot/reasons.ts';
import { type Fact, isUnderWay, type Kind, ranks } from './fact.ts';

/** What a boot has got, and what it was refused, in the order of its facts. */
export interface Progress {
  /** When each kind was served last. */
  readonly got: ReadonlyMap<Kind, number>;
  /** The no that stands: nothing since has healed it. */
  readonly problem: Fact | undefined;
  /** The last DHCP exchange of the firmware or of iPXE, unless a loader came after it. */
  readonly asking: Asking | undefined;
  /** What was told last of a fetch that is under way. */
  readonly fetching: Fact | undefined;
  /** The system that was booted has been heard. */
  readonly systemHeard: boolean;
  readonly phoned: boolean;
  /** The last sign of life, of any kind. */
  readonly heard: number;
}

interface Asking {
  readonly kind: 'firmware' | 'ipxe';
  /** The first offer that it did not react to, and how many there were since. */
  since: number;
  offers: number;
  /** It asked for the address, here or elsewhere. */
  requested: boolean;
  last: number;
  /** Empty for none. */
  relay: string;
  /** The record names another server: we do not hear what is fetched there. */
  elsewhere: boolean;
}

/** Walks through the facts of one boot, in order. */
export function progressOf(facts: readonly Fact[]): Progress {
  const got = new Map<Kind, number>();
  let problem: Fact | undefined;
  let asking: Asking | undefined;
  let fetching: Fact | undefined;
  let systemHeard = false;
  let phoned = false;
  let heard = 0;
  for (const fact of facts) {
    const { kind } = fact;
    heard = Math.max(heard, fact.until);
    if (isUnderWay(fact)) {
      fetching = fact;
      asking = undefined;
      // What it was refused it has asked for again; how that ends, it will be told.
      if (problem !== undefined && ranks[kind] >= ranks[problem.kind]) problem = undefined;
      continue;
    }
    // It went on, and how that fetch ended was not told.
    if (fetching !== undefined && fact.at > fetching.until && kind !== 'lease' && kind !== 'log')
      fetching = undefined;
    if (kind === 'firmware' || kind === 'ipxe') asking = ask(kind, fact, asking);
    if (isProblem(fact, got)) {
      problem = fact;
      continue;
    }
    if (fact.outcome === 'no') continue;
    if (kind === 'lease' || kind === 'log') {
      systemHeard ||= isSystem(fact, got, problem);
      // It was refused something, and runs all the same.
      if (systemHeard && (got.has('kernel') || got.has('iso'))) problem = undefined;
      continue;
    }
    if (fact.outcome === 'heard' && kind !== 'phone-home') {
      // A probe of a size, a request for an address from elsewhere: it goes on.
      if (kind === 'loader') asking = undefined;
      continue;
    }
    got.set(kind, fact.until);
    phoned ||= kind === 'phone-home';
    if (kind !== 'firmware' && kind !== 'ipxe') asking = undefined;
    if (problem !== undefined && ranks[kind] >= ranks[problem.kind]) problem = undefined;
  }
  return { got, problem, asking, fetching, systemHeard, phoned, heard };
}

function ask(kind: 'firmware' | 'ipxe', fact: Fact, before: Asking | undefined): Asking {
  const { at, until, type, times, relay, said, why } = fact;
  const fresh = { kind, since: at, offers: 0, requested: false, last: until, relay, elsewhere: false };
  const going = before?.kind === kind ? before : fresh;
  const isOffer = type === 'DISCOVER' && said === 'OFFER';
  // It starts over, after a NAK or a lost answer.
  const run = isOffer && going.requested ? fresh : going;
  return {
    ...run,
    last: Math.max(run.last, until),
    offers: run.offers + (isOffer ? times : 0),
    since: isOffer && run.offers === 0 ? at : run.since,
    requested: run.requested || type === 'REQUEST',
    relay: relay || run.relay,
    elsewhere: why === 'explicit-boot-file',
  };
}

/** What is said to a netboot client that then has no boot: an address alone does not help it. */
const addressOnly: ReadonlySet<Reason> = new Set([
  'netboot-not-allowed',
  'netboot-options-off',
  'no-architecture',
  'unknown-architecture',
  'loader-missing',
  'no-script',
  'bad-script-url',
  'unsafe-record',
]);

/** A no that says nothing about the boot: what clients ask along the way, and do not need. */
const routine: ReadonlySet<Reason> = new Set([
  'ok',
  'size-probe',
  'range-not-satisfiable',
  'precondition-failed',
  'method-not-allowed',
  'release',
  'not-for-a-proxy',
  'not-a-netboot-client',
  'not-a-request',
  'no-message-type',
  'unhandled-message-type',
  'no-requested-address',
  'foreign-port',
  'no-transfer',
  'write-refused',
  'too-many-requests',
  'source-rate-limited',
  'rate-limited',
  'boot-began-anew',
  'fetching',
  'fetch-stopped',
  'handed-over',
]);

function isProblem(fact: Fact, got: ReadonlyMap<Kind, number>): boolean {
  const { kind, stage, outcome, why, file } = fact;
  if (routine.has(why) || kind === 'lease' || kind === 'log' || kind === 'phone-home') return false;
  if (why === 'other-server') return true;
  if (outcome !== 'no') return (kind === 'firmware' || kind === 'ipxe') && addressOnly.has(why);
  if (why !== 'not-found') return true;
  // Names that need not be there: iPXE tries autoexec.ipxe, pxelinux and the Raspberry Pi go through whole lists of names.
  if (file.endsWith('autoexec.ipxe')) return false;
  return stage !== 'tftp' || !(got.has('loader') || got.has('file') || got.has('kernel'));
}

/** iPXE logs, too, before it has a kernel: that is no system. */
function isSystem(
  { kind, detail, outcome }: Fact,
  got: ReadonlyMap<Kind, number>,
  problem: Fact | undefined,
): boolean {
  if (kind === 'log' && detail === 'ipxe') return false;
  if (kind === 'lease' && outcome !== 'yes') return false;
  const complete = got.has('kernel') || got.has('iso');
  // Where the script sends it elsewhere for its kernel, the system is the first that we hear again.
  return complete || (problem === undefined && (got.has('script') || got.has('file')));
}
