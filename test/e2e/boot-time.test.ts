import { expect } from 'chai';
import { provisioner } from '../support/lab.ts';
import { type BootLab, createBootLab, type Empty, emptyMachine } from '../support/lab-boot.ts';
import { startDnsmasq } from '../support/lab-dnsmasq.ts';
import { powerOn } from '../support/lab-machine.ts';
import type { LabProcess } from '../support/lab-process.ts';
import { runNode, untilReadiness } from '../support/lab-smee.ts';

/** Kernels of both, and the script of dnsmasq's machines. */
const webPort = 8098;
const web = `http://${provisioner}:${webPort}`;
const script = `#!ipxe\nkernel ${web}/vmlinuz-x86_64\n`;

const machines = {
  "the card's iPXE": emptyMachine('ipxe', 165, 'bios'),
  "OVMF's own PXE": emptyMachine('ovmf', 166, 'uefi'),
} as const;
type What = keyof typeof machines;

const rivals = ['smee', 'dnsmasq', 'dnsmasq with 175.176'] as const;
type Rival = (typeof rivals)[number];

/** Of each rival's machines, in turn, so that a busy moment of this host meets all of them. */
const rounds = 3;

/** What is noise on a machine that emulates others. */
const noise = 1.1;

describe('the time from power-on until the kernel is asked for', function () {
  this.timeout(400_000);
  let net: BootLab;
  let heard: LabProcess;
  /** So far: each has a cable of its own. */
  let boots = 0;
  /** Milliseconds, by `what` and rival. */
  const times = new Map<string, number[]>();

  before(async function () {
    net = await createBootLab(this);
    // Between two boots nothing else hangs on the bridge, which then has no carrier, and an interface without one no address.
    await net.lab.addClient('neighbour', '52:54:00:77:01:03');
    heard = runNode(net.lab.prov, 'test/support/inside/serve.ts', [String(webPort), script]);
    await heard.until(/listening/);
    const first = await start(this, 'smee');
    for (const machine of Object.values(machines)) await net.apply(machine);
    await first.stop();

    for (let round = 0; round < rounds; round++) {
      for (const rival of rivals) {
        const server = await start(this, rival);
        for (const what of Object.keys(machines) as What[]) {
          if (rival === 'dnsmasq with 175.176' && what !== "the card's iPXE") continue;
          const key = `${what}, ${rival}`;
          times.set(key, [...(times.get(key) ?? []), await boot(this, machines[what])]);
        }
        await server.stop();
      }
    }
    for (const [key, all] of times)
      console.log(`      ${key}: ${all.map((ms) => Math.round(ms)).join(', ')} ms`);
  });
  after(async () => await net?.[Symbol.asyncDispose]());

  async function start(test: Mocha.Context, rival: Rival): Promise<LabProcess> {
    if (rival !== 'smee') {
      const reserved = Object.fromEntries(Object.values(machines).map(({ mac, address }) => [mac, address]));
      const noProxy = rival === 'dnsmasq with 175.176';
      const answers = { reserved, script: `${web}/auto.ipxe`, loader: 'ipxe.efi', noProxy };
      return await startDnsmasq(test, net.lab, answers);
    }
    const flags = ['up', '--iface', 'br0', '--osie-url', web];
    const smee = runNode(net.lab.prov, 'cli/smee.ts', flags, { cwd: net.folder });
    await untilReadiness(net.lab.prov, 200, 'hardware', 'dhcp', 'tftp', 'http', 'syslog');
    return smee;
  }

  /** Powers a machine on, and off again as soon as it asks for its kernel. */
  async function boot(test: Mocha.Context, machine: Empty): Promise<number> {
    const from = heard.mark;
    const started = performance.now();
    const running = await powerOn(test, net.lab, { ...machine, name: `${machine.name}${++boots}` });
    try {
      await heard.until(new RegExp(`${machine.address} asked for /vmlinuz`), { from, within: 60_000 });
      return performance.now() - started;
    } catch (error) {
      throw new Error(`${machine.name}: ${running.tail()}`, { cause: error });
    } finally {
      await running.stop();
    }
  }

  function median(what: What, rival: Rival): number {
    const all = times.get(`${what}, ${rival}`)?.toSorted((a, b) => a - b) ?? [];
    expect(all).to.have.length(rounds);
    return all[Math.floor(rounds / 2)]!;
  }

  it("is no longer than with dnsmasq for OVMF's own PXE", () => {
    const what = "OVMF's own PXE";
    expect(median(what, 'smee')).to.be.below(median(what, 'dnsmasq') * noise);
  });

  it("is two seconds less than with dnsmasq for the card's iPXE, which need not wait for a proxyDHCP", () => {
    const what = "the card's iPXE";
    expect(median(what, 'smee')).to.be.below(median(what, 'dnsmasq') - 2000);
  });

  it("is no longer for the card's iPXE than with a dnsmasq that ends that wait, too", () => {
    const what = "the card's iPXE";
    expect(median(what, 'smee')).to.be.below(median(what, 'dnsmasq with 175.176') * noise);
  });
});
