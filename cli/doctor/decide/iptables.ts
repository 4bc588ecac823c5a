import type { Arriving, Chain, Match, Rule, RuleSet, Verdict } from './rules.ts';

/** Reads what `iptables -S` prints (the filter table), of either kind of iptables. */
export function readIptables(text: string): RuleSet {
  const chains = new Map<string, { rules: Rule[]; policy?: 'accept' | 'drop'; policyText?: string }>();
  const chainOf = (name: string) => {
    const chain = chains.get(name) ?? { rules: [] };
    chains.set(name, chain);
    return chain;
  };
  for (const line of text.split('\n')) {
    const [command, name = '', ...words] = split(line);
    if (command === '-P') {
      Object.assign(chainOf(name), { policy: words[0] === 'DROP' ? 'drop' : 'accept', policyText: line });
    } else if (command === '-N') chainOf(name);
    else if (command === '-A') chainOf(name).rules.push(readRule(line, words));
  }
  return { start: ['INPUT'], chains: chains satisfies ReadonlyMap<string, Chain> };
}

/** Words, with what stands in double quotes as one. */
function split(line: string): readonly string[] {
  return (line.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ''));
}

type Condition = (value: string, packet: Arriving) => Match;

const exactly = (is: boolean): Match => (is ? 'yes' : 'no');

/** Option → what it asks; each takes one value. */
const conditions: Readonly<Record<string, Condition>> = {
  '-i': (value, packet) =>
    exactly(
      value.endsWith('+') ? packet.interface.startsWith(value.slice(0, -1)) : value === packet.interface,
    ),
  '-p': (value, { protocol }) => exactly(value === protocol || value === 'all'),
  '--dport': (value, { port }) => exactly(holds(value, port)),
  '--dports': (value, { port }) => exactly(value.split(',').some((range) => holds(range, port))),
  // A first packet: nothing that went out before belongs to it.
  '--ctstate': (value) => exactly(value.split(',').includes('NEW')),
  '--state': (value) => exactly(value.split(',').includes('NEW')),
  '-m': () => 'yes',
  '--comment': () => 'yes',
};

/** `69` or `67:69` */
function holds(range: string, port: number): boolean {
  const [first = '', last = first] = range.split(':');
  return port >= Number(first || 0) && port <= Number(last || 65_535);
}

const targets: Readonly<Record<string, Verdict['kind']>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'drop',
  RETURN: 'return',
  LOG: 'none',
  NFLOG: 'none',
  MARK: 'none',
  CONNMARK: 'none',
  QUEUE: 'unknown',
  NFQUEUE: 'unknown',
};

function readRule(text: string, words: readonly string[]): Rule {
  const asked: { condition: Condition; value: string; negated: boolean }[] = [];
  let verdict: Verdict = { kind: 'none' };
  let negated = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '!') {
      negated = true;
      continue;
    }
    const value = words[at + 1] ?? '';
    if (word === '-j' || word === '-g') {
      const kind = targets[value];
      if (kind === undefined) verdict = { kind: word === '-j' ? 'jump' : 'goto', chain: value };
      else if (kind !== 'jump' && kind !== 'goto') verdict = { kind };
      // What follows belongs to the target.
      break;
    }
    const condition = Object.hasOwn(conditions, word) ? conditions[word] : undefined;
    if (condition !== undefined) at++;
    else while (at + 1 < words.length && !/^(!$|-)/.test(words[at + 1] ?? '')) at++;
    asked.push({ condition: condition ?? (() => 'perhaps'), value, negated });
    negated = false;
  }
  return {
    text,
    verdict,
    match: (packet) =>
      all(
        asked.map(({ condition, value, negated: not }) => {
          const match = condition(value, packet);
          if (!not || match === 'perhaps') return match;
          return match === 'yes' ? 'no' : 'yes';
        }),
      ),
  };
}

/** One no is a no, whatever the others are. */
export function all(matches: readonly Match[]): Match {
  if (matches.includes('no')) return 'no';
  return matches.includes('perhaps') ? 'perhaps' : 'yes';
}
