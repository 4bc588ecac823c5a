import { expect } from 'chai';
import { readIptables } from '../../../../../cli/doctor/decide/iptables.ts';
import { readNftables } from '../../../../../cli/doctor/decide/nftables.ts';
import { type Arriving, fateOf } from '../../../../../cli/doctor/decide/rules.ts';

const tftp: Arriving = { interface: 'br0', protocol: 'udp', port: 69 };
const http: Arriving = { interface: 'br0', protocol: 'tcp', port: 8080 };

/** Rules below `-P INPUT ACCEPT` → what becomes of TFTP. */
const iptables: readonly (readonly [rules: string, verdict: string])[] = [
  ['', 'accepted'],
  ['-A INPUT -p udp -m udp --dport 69 -j DROP', 'dropped'],
  ['-A INPUT -p udp -m udp --dport 69 -j REJECT --reject-with icmp-port-unreachable', 'dropped'],
  ['-A INPUT -p tcp -m tcp --dport 69 -j DROP', 'accepted'],
  ['-A INPUT -i br0 -p udp -m udp --dport 60:70 -j DROP', 'dropped'],
  [
    '-A INPUT -i br+ -p udp -m multiport --dports 53,67:69 -m comment --comment "no -j ACCEPT here" -j DROP',
    'dropped',
  ],
  ['-A INPUT -i eth0 -p udp -m udp --dport 69 -j DROP', 'accepted'],
  ['-A INPUT ! -i eth0 -p udp -m udp --dport 69 -j DROP', 'dropped'],
  ['-A INPUT ! -i br0 -j DROP', 'accepted'],
  ['-P INPUT DROP', 'dropped'],
  [
    '-P INPUT DROP\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -i lo -j ACCEPT',
    'dropped',
  ],
  ['-P INPUT DROP\n-A INPUT -m conntrack --ctstate NEW -j ACCEPT', 'accepted'],
  ['-P INPUT DROP\n-A INPUT -s 192.168.77.0/24 -j ACCEPT', 'unsure'],
  ['-P INPUT DROP\n-A INPUT -m set --match-set racks src -j ACCEPT', 'unsure'],
  ['-A INPUT -m recent --rcheck --seconds 60 -j DROP', 'accepted'],
  ['-N fw\n-A INPUT -j fw\n-A fw -p udp -m udp --dport 69 -j DROP', 'dropped'],
  ['-N fw\n-A INPUT -j fw\n-A fw -j RETURN\n-A fw -j DROP', 'accepted'],
  ['-N fw\n-A INPUT -j fw\n-A INPUT -j DROP\n-A fw -p udp -j ACCEPT', 'accepted'],
  ['-N fw\n-A INPUT -g fw\n-A INPUT -j DROP\n-A fw -p tcp -j ACCEPT', 'accepted'],
  ['-A INPUT -j LOG --log-prefix "-j DROP "\n-A INPUT -j ACCEPT', 'accepted'],
  ['-N a\n-N b\n-A INPUT -j a\n-A a -j b\n-A b -j a', 'unsure'],
];

/** As nft 1.0.6 prints what these statements made: a policy of drop, and what is let in. */
const ruleset = (...rules: readonly object[]) =>
  JSON.stringify({
    nftables: [
      { metainfo: { version: '1.0.6', json_schema_version: 1 } },
      { table: { family: 'inet', name: 'filter', handle: 1 } },
      {
        chain: {
          ...{ family: 'inet', table: 'filter', name: 'input', handle: 1 },
          ...{ type: 'filter', hook: 'input', prio: 0, policy: 'drop' },
        },
      },
      { chain: { family: 'inet', table: 'filter', name: 'extra', handle: 2 } },
      ...rules,
    ],
  });
const ruleOf = (chain: string, ...expr: readonly object[]) => ({
  rule: { family: 'inet', table: 'filter', chain, handle: 9, expr },
});
const match = (left: object, right: unknown, op = '==') => ({ match: { op, left, right } });
const dport = (protocol: string, right: unknown) => match({ payload: { protocol, field: 'dport' } }, right);
const accept = { accept: null };
const established = match({ ct: { key: 'state' } }, ['established', 'related'], 'in');
const onBridges = match({ meta: { key: 'iifname' } }, 'br*');

const nftables: readonly (readonly [name: string, verdict: string, rules: readonly object[]])[] = [
  ['lets nothing in', 'dropped', []],
  ['lets in what was asked for', 'dropped', [ruleOf('input', established, accept)]],
  [
    'lets a set of ports in on bridges',
    'accepted',
    [ruleOf('input', onBridges, dport('udp', { set: [67, 69] }), accept)],
  ],
  ['lets a range of ports in', 'accepted', [ruleOf('input', dport('udp', { range: [60, 70] }), accept)]],
  [
    'lets another port in',
    'dropped',
    [ruleOf('input', dport('udp', { set: [53, { range: [67, 68] }] }), accept)],
  ],
  ['lets TCP in', 'dropped', [ruleOf('input', dport('tcp', 69), accept)]],
  [
    'lets all in but on bridges',
    'dropped',
    [ruleOf('input', match({ meta: { key: 'iifname' } }, 'br*', '!='), accept)],
  ],
  [
    'lets a named set in',
    'unsure',
    [ruleOf('input', match({ payload: { protocol: 'ip', field: 'saddr' } }, '@racks'), accept)],
  ],
  ['asks a named set of ports', 'unsure', [ruleOf('input', dport('udp', '@open'), accept)]],
  ['goes by a map', 'unsure', [ruleOf('input', { vmap: { key: {}, data: {} } })]],
  [
    'asks another chain',
    'accepted',
    [ruleOf('input', { jump: { target: 'extra' } }), ruleOf('extra', dport('th', 69), accept)],
  ],
  [
    'counts, and asks iptables',
    'unsure',
    [ruleOf('input', { counter: {} }, { xt: { type: 'match', name: 'addrtype' } }, accept)],
  ],
];

describe('cli/doctor/decide/rules.ts', () => {
  for (const [rules, verdict] of iptables) {
    it(`iptables, ${verdict}: ${rules.replaceAll('\n', '; ') || 'no rule'}`, () => {
      expect(fateOf(tftp, readIptables(`-P INPUT ACCEPT\n${rules}`)).verdict).to.equal(verdict);
    });
  }

  for (const [name, verdict, rules] of nftables) {
    it(`nftables, ${verdict}: a policy of drop that ${name}`, () => {
      expect(fateOf(tftp, readNftables(ruleset(...rules))).verdict).to.equal(verdict);
    });
  }

  it('names the rule, or the policy, that drops', () => {
    const dropped = readIptables('-P INPUT DROP\n-A INPUT -p udp -m udp --dport 69 -j DROP');
    expect(fateOf(tftp, dropped).rule).to.equal('-A INPUT -p udp -m udp --dport 69 -j DROP');
    expect(fateOf(http, dropped).rule).to.equal('-P INPUT DROP');
    expect(fateOf(tftp, readNftables(ruleset())).rule).to.equal('policy drop of the chain inet filter input');
    const rejected = ruleset(ruleOf('input', dport('udp', 69), { reject: { type: 'icmpx' } }));
    expect(fateOf(tftp, readNftables(rejected)).rule).to.equal('inet filter input: rule 9');
  });

  it('says that what is no rule set drops nothing', () => {
    expect(fateOf(tftp, readNftables('no JSON')).verdict).to.equal('accepted');
    expect(fateOf(tftp, readIptables('')).verdict).to.equal('accepted');
  });
});
