import type { RuleFact } from '../facts.ts';

/** What is asked of the rules: a packet of a machine, as it comes in. */
export interface Arriving {
  readonly interface: string;
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
}

/** Whether a rule is about a packet; `perhaps`: a condition that is not understood here. */
export type Match = 'yes' | 'no' | 'perhaps';

/** What a rule does with what it matches; a jump goes on in another chain, `none` (counters, marks) behind it. */
export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'none' | 'unknown' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

export interface Rule {
  /** As its owner reads it. */
  readonly text: string;
  readonly match: (packet: Arriving) => Match;
  readonly verdict: Verdict;
}

export interface Chain {
  readonly rules: readonly Rule[];
  /** Of a chain that the kernel calls; undefined for others. */
  readonly policy?: 'accept' | 'drop';
  /** `-P INPUT DROP` */
  readonly policyText?: string;
}

/** Chains by name; `start` are those that see every packet that comes in, in order: each may drop it. */
export interface RuleSet {
  readonly start: readonly string[];
  readonly chains: ReadonlyMap<string, Chain>;
}

type Fate = Pick<RuleFact, 'verdict' | 'rule'>;
type Walked = Fate | 'returned' | 'perhaps-accepted';

const accepted: Fate = { verdict: 'accepted', rule: '' };

/** Deeper than any real rule set; nft itself allows 16. */
const maxDepth = 16;

/** What becomes of a packet. `dropped` only when it is certain: a condition that is not understood makes it `unsure`. */
export function fateOf(packet: Arriving, { start, chains }: RuleSet): Fate {
  let doubt = false;
  for (const name of start) {
    const chain = chains.get(name);
    if (chain === undefined) continue;
    const end = walk(packet, chain, chains, 0);
    if (end === 'perhaps-accepted') doubt = true;
    else if (end === 'returned') {
      if (chain.policy === 'drop')
        return { verdict: 'dropped', rule: chain.policyText ?? `policy drop of ${name}` };
    } else if (end.verdict === 'dropped') return end;
    else if (end.verdict === 'unsure') doubt = true;
  }
  return doubt ? { verdict: 'unsure', rule: '' } : accepted;
}

function walk(packet: Arriving, { rules }: Chain, chains: RuleSet['chains'], depth: number): Walked {
  let doubt = false;
  for (const { match, verdict, text } of rules) {
    const matches = match(packet);
    if (matches === 'no' || verdict.kind === 'none') continue;
    if (matches === 'perhaps' || verdict.kind === 'unknown' || depth >= maxDepth) {
      // Whatever may let it through leaves a doubt; what may drop it is none of our business.
      if (verdict.kind !== 'drop') doubt = true;
      continue;
    }
    const end = decided(verdict, text) ?? follow(packet, verdict, chains, depth);
    if (end === 'perhaps-accepted') doubt = true;
    else if (end !== 'returned') return doubt && end.verdict === 'dropped' ? 'perhaps-accepted' : end;
    else if (verdict.kind === 'return' || verdict.kind === 'goto') break;
  }
  return doubt ? 'perhaps-accepted' : 'returned';
}

function decided({ kind }: Verdict, text: string): Walked | undefined {
  if (kind === 'accept') return accepted;
  if (kind === 'drop') return { verdict: 'dropped', rule: text };
  return kind === 'return' ? 'returned' : undefined;
}

function follow(packet: Arriving, verdict: Verdict, chains: RuleSet['chains'], depth: number): Walked {
  const chain = 'chain' in verdict ? chains.get(verdict.chain) : undefined;
  return chain === undefined ? 'perhaps-accepted' : walk(packet, chain, chains, depth + 1);
}
