import { readFile } from 'node:fs/promises';
import { readIptables } from '../decide/iptables.ts';
import { readNftables } from '../decide/nftables.ts';
import { type Arriving, fateOf, type RuleSet } from '../decide/rules.ts';
import type { InterfaceFact, RuleFact, ServiceFact } from '../facts.ts';
import { command } from './command.ts';

/**
 * What the rules of this host do with the packets of machines. They are read, never changed; undefined when this user may not read
 * them, or has nothing to read them with.
 */
export async function probeRules(
  interfaces: readonly InterfaceFact[],
  services: readonly ServiceFact[],
): Promise<readonly RuleFact[] | undefined> {
  const sets = await readRuleSets();
  if (sets.length === 0) return undefined;
  const facts: RuleFact[] = [];
  for (const { name } of interfaces.filter(({ exists }) => exists)) {
    for (const { service, wanted, actual } of services) {
      // What a container publishes is forwarded, and these rules never see it; machines have no business with hardware.
      if (service === 'hardware' || wanted.holders.some(({ kind }) => kind === 'published')) continue;
      const packet: Arriving = { interface: name, protocol: wanted.protocol, port: actual ?? wanted.port };
      facts.push({ ...packet, service, ...worst(sets.map((set) => fateOf(packet, set))) });
    }
  }
  return facts;
}

/** A packet has to get past every set of rules. */
function worst(fates: readonly Pick<RuleFact, 'verdict' | 'rule'>[]): Pick<RuleFact, 'verdict' | 'rule'> {
  const dropped = fates.find(({ verdict }) => verdict === 'dropped');
  const unsure = fates.find(({ verdict }) => verdict === 'unsure');
  return dropped ?? unsure ?? { verdict: 'accepted', rule: '' };
}

async function readRuleSets(): Promise<readonly RuleSet[]> {
  const sets: RuleSet[] = [];
  // First, as its words are those of whoever wrote the rules; nft shows the same ones again, and more.
  for (const program of await safeIptables()) {
    const iptables = await command(program, ['-S']);
    if (iptables?.code === 0) sets.push(readIptables(iptables.stdout));
  }
  const nft = await command('nft', ['-j', 'list', 'ruleset']);
  if (nft?.code === 0) sets.push(readNftables(nft.stdout));
  return sets;
}

/** The old kind of iptables loads its kernel modules just to print nothing: it is asked only where they are in use. */
async function safeIptables(): Promise<readonly string[]> {
  const usesLegacy = (await readFile('/proc/net/ip_tables_names', 'utf8').catch(() => '')).trim() !== '';
  const kind = (await command('iptables', ['-V']))?.stdout ?? '';
  const isLegacy = kind.includes('legacy');
  return [
    ...(isLegacy && !usesLegacy ? [] : ['iptables']),
    ...(usesLegacy && !isLegacy ? ['iptables-legacy'] : []),
  ];
}
