import { expect } from 'chai';
import { provisioner } from '../support/lab.ts';
import { type BootLab, createBootLab, type Empty, emptyMachine, phonePort } from '../support/lab-boot.ts';
import { startForeignDhcp } from '../support/lab-foreign.ts';
import type { Firmware } from '../support/lab-machine.ts';
import type { LabProcess } from '../support/lab-process.ts';
import { type LogLine, logLines, runNode, untilReadiness } from '../support/lab-smee.ts';

interface Row {
  readonly what: string;
  readonly machine: Empty;
  /** What our DHCP says to its firmware and to its iPXE; only what is asked on 4011 gets an ACK of a proxy. */
  readonly said: 'OFFER' | 'ACK';
}

function known(name: string, number: number, firmware: Firmware, quirk?: string): Empty {
  return {
    ...emptyMachine(name, number, firmware),
    ...(quirk !== undefined && { labels: { 'smee/quirks': quirk } }),
  };
}

/** Without a record: what it phones home with is what iPXE knows by itself. */
function unknown(name: string, number: number, firmware: Firmware): Empty {
  const machine = emptyMachine(name, number, firmware);
  return { ...machine, nonce: machine.mac };
}

const proxy: readonly Row[] = [
  { what: "the card's iPXE, by the OFFER", machine: known('bios', 171, 'bios'), said: 'OFFER' },
  {
    what: "the card's iPXE, by the ACK from 4011",
    machine: known('bios-late', 172, 'bios', 'boot-file-on-4011'),
    said: 'ACK',
  },
  { what: "OVMF's own PXE, by the OFFER", machine: known('uefi', 173, 'uefi'), said: 'OFFER' },
  {
    what: "OVMF's own PXE, by the ACK from 4011",
    machine: known('uefi-late', 174, 'uefi', 'boot-file-on-4011'),
    said: 'ACK',
  },
  {
    what: "OVMF's own PXE, by an OFFER that leaves it to ask on 4011",
    machine: known('uefi-asks', 175, 'uefi', 'no-discovery-control'),
    said: 'ACK',
  },
];

const autoProxy: readonly Row[] = [
  { what: "the card's iPXE", machine: unknown('bios-any', 181, 'bios'), said: 'OFFER' },
  { what: "OVMF's own PXE", machine: unknown('uefi-any', 182, 'uefi'), said: 'OFFER' },
  { what: "OVMF's HTTP Boot", machine: unknown('http-any', 183, 'uefi-http'), said: 'OFFER' },
  {
    what: "the card's iPXE, by its record and the ACK from 4011",
    machine: known('bios-auto', 184, 'bios', 'boot-file-on-4011'),
    said: 'ACK',
  },
];

describe("smee up behind somebody else's DHCP server", function () {
  this.timeout(200_000);
  let net: BootLab;

  before(async function () {
    net = await createBootLab(this);
    const machines = [...proxy, ...autoProxy].map(({ machine }) => [machine.mac, machine.address] as const);
    await startForeignDhcp(this, net.lab, Object.fromEntries(machines));
  });
  after(async () => await net?.[Symbol.asyncDispose]());

  async function start(mode: string, ...args: readonly string[]): Promise<LabProcess> {
    const flags = ['up', '--iface', 'br0', `--dhcp-mode=${mode}`, ...args];
    const smee = runNode(net.lab.prov, 'cli/smee.ts', flags, { cwd: net.folder });
    await untilReadiness(net.lab.prov, 200, 'hardware', 'dhcp', 'tftp', 'http', 'syslog');
    return smee;
  }

  function dhcpLines(smee: LabProcess, from: number, { mac }: Empty): readonly LogLine[] {
    return logLines(smee.output.slice(from)).filter((line) => line.service === 'dhcp' && line.mac === mac);
  }

  describe('in proxy mode', () => {
    let smee: LabProcess;
    before(async () => {
      smee = await start('proxy');
    });
    after(async () => await smee?.stop());

    for (const { what, machine, said } of proxy) {
      it(`boots ${what}`, async function () {
        await net.apply(machine);
        const { mark } = smee;
        await net.boot(this, machine);
        const answers = dhcpLines(smee, mark, machine).filter((line) => line.said !== 'silent');
        expect(answers.every(({ why }) => why === 'ok')).to.equal(true);
        expect(answers.some((line) => line.said === 'ACK')).to.equal(said === 'ACK');
      });
    }
  });

  describe('in auto-proxy mode', () => {
    let smee: LabProcess;
    before(async () => {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is iPXE that expands it.
      const nonce = 'nonce=${mac}';
      const args = `phone_home=http://${provisioner}:${phonePort}/ ${nonce}`;
      smee = await start('auto-proxy', '--extra-kernel-args', args);
    });
    after(async () => await smee?.stop());

    for (const { what, machine, said } of autoProxy) {
      it(`boots ${what}${machine.labels === undefined ? ', without a record' : ''}`, async function () {
        if (machine.labels !== undefined) await net.apply(machine);
        const { mark } = smee;
        await net.boot(this, machine);
        const answers = dhcpLines(smee, mark, machine).filter((line) => line.said !== 'silent');
        expect(answers.some((line) => line.said === 'ACK')).to.equal(said === 'ACK');
      });
    }
  });
});
