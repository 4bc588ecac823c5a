import { expect } from 'chai';
import { need } from '../support/clients.ts';
import { provisioner } from '../support/lab.ts';
import { document, type Node } from '../support/lab-dhcp.ts';
import {
  createFailingLab,
  createOrphanedLab,
  type Failure,
  type RunningLab,
} from '../support/lab-failing.ts';
import { foreignServer, startForeignDhcp } from '../support/lab-foreign.ts';
import { nextLease } from '../support/lab-lease.ts';
import type { PlayedMachine } from '../support/lab-played.ts';

/** A boot that fails, and what the operator is to read. */
interface FailingBoot extends Failure {
  readonly what: string;
  /** Of its record, of which the name is `node` and the number. */
  readonly number: number;
  /** What its record says beside that it may boot; without: it has no record. */
  readonly record?: Partial<Node>;
  readonly fails: (boot: Boot) => Promise<void>;
  /**
   * `smee explain` says it, too: it would happen again. What it cannot see, for it lies behind our answers, it names as how the
   * last boot ended.
   */
  readonly explained: boolean;
}

/** What a boot fails with. */
interface Boot {
  readonly net: RunningLab;
  readonly test: Mocha.Context;
  /** Its host on the bridge, which is made when it is asked for. */
  readonly machine: () => Promise<PlayedMachine>;
  readonly mac: string;
}

const nameOf = (number: number) => `node${number}`;
const macOf = (number: number) => `52:54:00:77:00:${number.toString(16)}`;

/** A record in the provisioner's network that lets its machine boot. */
function node(number: number, more: Partial<Node> = {}, address = `192.168.77.${number}`): Node {
  const ip = { address, netmask: '255.255.255.0', gateway: provisioner };
  const dhcp = { mac: macOf(number), hostname: nameOf(number), arch: 'x86_64', ip };
  return { name: nameOf(number), dhcp, netboot: { allowPXE: true }, ...more };
}

const boots: readonly FailingBoot[] = [
  {
    what: 'an unknown MAC',
    number: 199,
    fails: async ({ machine }) => await (await machine()).asksInVain('bios'),
    at: 'dhcp',
    why: 'unknown-machine',
    explained: true,
  },
  {
    what: 'netboot not allowed',
    number: 101,
    record: { netboot: { allowPXE: false } },
    async fails({ machine }) {
      const { variables } = await (await machine()).lease('bios');
      expect(variables).to.include({ boot_file: '/netboot-not-allowed' });
    },
    at: 'dhcp',
    why: 'netboot-not-allowed',
    explained: true,
  },
  {
    what: 'DHCP disabled',
    number: 102,
    record: { disableDhcp: true },
    fails: async ({ machine }) => await (await machine()).asksInVain('bios'),
    at: 'dhcp',
    why: 'dhcp-disabled',
    explained: true,
  },
  {
    what: 'the loader for the architecture missing',
    number: 103,
    record: {},
    async fails({ machine }) {
      const { variables } = await (await machine()).lease('arm64');
      expect(variables).to.include({ boot_file: '/loader-missing' });
    },
    at: 'dhcp',
    why: 'loader-missing',
    detail: 'snp-arm64.efi',
    // As it was last seen: nobody has to say that it is an ARM.
    explained: true,
  },
  {
    what: 'TFTP blocked after the first block',
    number: 104,
    record: {},
    async fails({ machine, test }) {
      const iptables = need(test, 'iptables', 'iptables');
      const client = await machine();
      const { variables } = await client.lease('bios');
      // Behind the IP header and 8 bytes of UDP: DATA (opcode 3), from block 2 on.
      const rule = ['-m', 'u32', '--u32', '0>>22&0x3C@8=0x30002:0x3FFFF', '-j', 'DROP'];
      await client.place.run(iptables, ['-A', 'INPUT', '-p', 'udp', ...rule]);
      client.fetches(variables.boot_file ?? '');
    },
    at: 'tftp',
    why: 'timed-out',
    detail: 'undionly.kpxe',
    explained: false,
  },
  {
    what: 'the script forbidden, since a minute ago',
    number: 105,
    record: {},
    async fails({ net, machine }) {
      const client = await machine();
      const url = await client.getsAsFarAsIpxe();
      await net.apply(node(105, { netboot: { allowPXE: false } }));
      expect((await client.gets(url)).status).to.equal(403);
    },
    at: 'http',
    why: 'netboot-not-allowed',
    detail: `/${macOf(105)}/auto.ipxe`,
    explained: true,
  },
  {
    what: 'the kernel missing',
    number: 106,
    record: { netboot: { allowPXE: true, osie: { kernel: 'vmlinuz-lost' } } },
    async fails({ machine }) {
      const client = await machine();
      const { kernel } = await client.getsTheScript();
      expect((await client.gets(kernel)).status).to.equal(404);
    },
    at: 'http',
    why: 'not-found',
    detail: '/artifacts/vmlinuz-lost',
    explained: true,
  },
  {
    what: 'the initrd truncated',
    number: 107,
    record: { netboot: { allowPXE: true, osie: { initrd: 'initramfs-half' } } },
    async fails({ machine }) {
      const client = await machine();
      const { kernel, initrd } = await client.getsTheScript();
      expect((await client.gets(kernel)).status).to.equal(200);
      expect((await client.gets(initrd)).status).to.equal(200);
    },
    at: 'http',
    why: 'file-truncated',
    detail: '/artifacts/initramfs-half',
    explained: false,
  },
  {
    what: 'another DHCP server that wins',
    number: 108,
    record: {},
    async fails({ net, machine, mac, test }) {
      const client = await machine();
      await startForeignDhcp(test, net.lab, { [mac]: '192.168.77.208' });
      // Ours answers, too, but later: the machine has chosen by then.
      await net.smee.pause();
      const asking = client.asks('bios');
      const { variables } = await nextLease(asking, /bound/).finally(() => net.smee.resume());
      expect(variables).to.include({ serverid: foreignServer });
    },
    at: 'dhcp',
    why: 'other-server',
    detail: foreignServer,
    explained: false,
  },
  {
    what: 'a relay without a route back',
    number: 109,
    record: {},
    async fails({ net, mac, test }) {
      const dhcrelay = need(test, 'dhcrelay', '.ci/install unpacks it');
      const relay = await net.lab.addClient('relay', '52:54:00:77:00:fe');
      const far = await net.lab.addHost('far');
      await net.lab.cable(relay, 'down0', far, 'eth0', mac);
      // As relays that are no Linux do: it speaks for each address on the network of that address only.
      const strict = 'echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore';
      await relay.setUp(
        'ip addr add 192.168.77.254/24 dev eth0',
        'ip addr add 192.168.78.1/24 dev down0',
        strict,
      );
      const args = ['-4', '-d', '--no-pid', '-a', '-iu', 'eth0', '-id', 'down0', provisioner];
      await relay.spawn(dhcrelay, args).until(/Sending on\s+Socket/);
      await net.play(test, far).asksInVain('bios');
    },
    at: 'dhcp',
    why: 'relay-unreachable',
    detail: '192.168.78.1',
    explained: false,
  },
];

describe('twelve boots that fail, and what the operator reads', function () {
  this.timeout(60_000);

  describe('smee up', () => {
    let net: RunningLab;

    before(async function () {
      net = await createFailingLab(this);
      const known = boots.flatMap(({ number, record }) =>
        record === undefined ? [] : [node(number, record)],
      );
      await net.apply(...known);
      await net.operator.watches();
    });
    after(async () => await net?.[Symbol.asyncDispose]());

    for (const { what, number, record, fails, explained, ...failure } of boots) {
      it(`${what}: ${failure.why}`, async function () {
        const [mac, name] = [macOf(number), nameOf(number)];
        await fails({ net, test: this, mac, machine: () => net.machine(this, name, mac) });
        await net.operator.seesFail(record === undefined ? mac : name, mac, failure);
        if (explained) await net.operator.isTold(mac, failure.why);
        else await net.operator.isRemindedOf(mac, failure);
      });
    }
  });

  it('two records that claim one address, in a file: record-left-out', async function () {
    const shared = '192.168.77.110';
    const records = [node(110, {}, shared), node(111, {}, shared)].map(document).join('---\n');
    await using net = await createFailingLab(this, { records });
    const second = await net.machine(this, 'second', macOf(111));
    await second.asksInVain('bios');
    const told = await net.operator.isTold(macOf(111), 'record-left-out');
    expect(told).to.match(/192\.168\.77\.110.*node110.*records\.yaml/);
  });

  it('the hardware service down at the very first start: not-synced', async function () {
    await using net = await createOrphanedLab(this);
    const machine = await net.machine(this, 'early', macOf(112));
    await machine.asksInVain('bios');
    const explain = net.operator.run('explain', macOf(112));
    expect(await explain.ended()).to.equal(4);
    expect(explain.output).to.contain('the hardware service at 127.0.0.1:50051 does not answer');
    expect(explain.output).to.contain('not-synced');

    await net.startHardware();
    await net.operator.watches();
    await net.operator.seesFail(macOf(112), macOf(112), { at: 'dhcp', why: 'not-synced' });
  });
});
