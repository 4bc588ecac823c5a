import { all } from './iptables.ts';
import type { Arriving, Chain, Match, Rule, RuleSet, Verdict } from './rules.ts';

/**
 * Reads what `nft -j list ruleset` prints (libnftables-json(5)): the chains of families ip and inet that see what comes in for this
 * host. Expressions that are not understood make their rule a `perhaps`.
 */
export function readNftables(text: string): RuleSet {
  const chains = new Map<string, { rules: Rule[]; policy?: 'accept' | 'drop'; policyText?: string }>();
  const start: { readonly key: string; readonly order: number }[] = [];
  for (const item of listOf(parse(text), 'nftables')) {
    const chain = objectOf(item, 'chain');
    const rule = objectOf(item, 'rule');
    if (chain !== undefined && isOurs(chain)) {
      const key = keyOf(chain, textOf(chain, 'name'));
      const { hook, policy, type } = chain;
      if (type === 'filter' && (hook === 'input' || hook === 'prerouting')) {
        // prerouting comes before input, whatever their priorities.
        start.push({ key, order: Number(chain.prio ?? 0) + (hook === 'input' ? 10_000 : 0) });
      }
      chains.set(key, {
        rules: [],
        ...(policy === 'drop' ? { policy: 'drop', policyText: `policy drop of the chain ${key}` } : {}),
      });
    }
    if (rule !== undefined && isOurs(rule)) {
      const key = keyOf(rule, textOf(rule, 'chain'));
      chains.get(key)?.rules.push(readRule(key, rule));
    }
  }
  start.sort((a, b) => a.order - b.order);
  return { start: start.map(({ key }) => key), chains: chains satisfies ReadonlyMap<string, Chain> };
}

type Json = Readonly<Record<string, unknown>>;

function isOurs({ family }: Json): boolean {
  return family === 'ip' || family === 'inet';
}

/** Names are unique within a table. */
function keyOf(item: Json, name: string): string {
  return `${textOf(item, 'family')} ${textOf(item, 'table')} ${name}`;
}

function readRule(chain: string, rule: Json): Rule {
  const expressions = listOf(rule, 'expr');
  let verdict: Verdict = { kind: 'none' };
  const matches: ((packet: Arriving) => Match)[] = [];
  for (const expression of expressions) {
    const found = verdictOf(expression, chain);
    const match = objectOf(expression, 'match');
    if (found !== undefined) verdict = found;
    else if (match !== undefined) matches.push((packet) => judge(match, packet));
    else if (!Object.keys(expression).some((name) => harmless.includes(name))) matches.push(() => 'perhaps');
  }
  return {
    text: `${chain}: rule ${String(rule.handle ?? '?')}`,
    verdict,
    match: (packet) => all(matches.map((match) => match(packet))),
  };
}

/** Statements that change nothing about where a packet goes. */
const harmless: readonly string[] = ['counter', 'log', 'mangle', 'comment'];

function verdictOf(expression: Json, chain: string): Verdict | undefined {
  const [name = ''] = Object.keys(expression);
  if (name === 'accept' || name === 'drop' || name === 'return') return { kind: name };
  if (name === 'reject') return { kind: 'drop' };
  // Of an extension of iptables (xt), only its name is told.
  const isTarget = textOf(objectOf(expression, 'xt') ?? {}, 'type') === 'target';
  if (name === 'queue' || name === 'vmap' || isTarget) return { kind: 'unknown' };
  if (name !== 'jump' && name !== 'goto') return undefined;
  const target = textOf(objectOf(expression, name) ?? {}, 'target');
  return { kind: name, chain: `${chain.split(' ').slice(0, 2).join(' ')} ${target}` };
}

function judge({ op, left, right }: Json, packet: Arriving): Match {
  const value = inPacket(left, packet);
  if (value === undefined) return 'perhaps';
  const matches = contains(right, value);
  if (matches === 'perhaps' || op === '==' || op === 'in') return matches;
  if (op !== '!=') return 'perhaps';
  return matches === 'yes' ? 'no' : 'yes';
}

/** What the packet has in the place that an expression names; undefined where that is not known here. */
function inPacket(left: unknown, packet: Arriving): string | number | undefined {
  const meta = textOf(objectOf(left, 'meta') ?? {}, 'key');
  if (meta === 'iifname' || meta === 'iif') return packet.interface;
  if (meta === 'l4proto') return packet.protocol;
  if (meta === 'nfproto') return 'ipv4';
  if (textOf(objectOf(left, 'ct') ?? {}, 'key') === 'state') return 'new';
  const { protocol = '', field = '' } = { ...objectOf(left, 'payload') };
  if (protocol === 'ip' && field === 'protocol') return packet.protocol;
  if ((protocol === packet.protocol || protocol === 'th') && field === 'dport') return packet.port;
  // Another protocol's field is in no packet of this one.
  if ((protocol === 'udp' || protocol === 'tcp') && field === 'dport') return -1;
  return undefined;
}

/** A value, a list of flags, a set, a range, a name with a wildcard. */
function contains(right: unknown, value: string | number): Match {
  if (typeof right === 'string' && right.endsWith('*')) {
    return String(value).startsWith(right.slice(0, -1)) ? 'yes' : 'no';
  }
  if (typeof right === 'string' || typeof right === 'number') {
    // A set with a name, `@allowed`, is not looked into.
    if (String(right).startsWith('@')) return 'perhaps';
    return String(right) === String(value) ? 'yes' : 'no';
  }
  const members = Array.isArray(right) ? right : objectOf(right, 'set');
  if (Array.isArray(members)) {
    const each = members.map((member) => contains(member, value));
    if (each.includes('yes')) return 'yes';
    return each.includes('perhaps') ? 'perhaps' : 'no';
  }
  const range: unknown = isObject(right) ? right.range : undefined;
  if (!Array.isArray(range)) return 'perhaps';
  const number = Number(value);
  return number >= Number(range[0]) && number <= Number(range[1]) ? 'yes' : 'no';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function objectOf(value: unknown, name: string): Json | undefined {
  const inner = isObject(value) ? value[name] : undefined;
  return isObject(inner) ? inner : undefined;
}

function listOf(value: unknown, name: string): readonly Json[] {
  const inner = isObject(value) ? value[name] : undefined;
  return Array.isArray(inner) ? inner.filter(isObject) : [];
}

function textOf(value: Json, name: string): string {
  const inner = value[name];
  return typeof inner === 'string' ? inner : '';
}
