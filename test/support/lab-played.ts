import { join } from 'node:path';
import { need } from './clients.ts';
import { type Namespace, provisioner } from './lab.ts';
import { type Lease, nextLease } from './lab-lease.ts';
import type { LabProcess } from './lab-process.ts';

/** What says so in DHCP, as arguments of udhcpc: options 60, 93, 94, and for iPXE 77 and 175 (which speaks HTTP). */
const says = {
  bios: ['-V', 'PXEClient:Arch:00000:UNDI:002001', '-x', '0x5d:0000', '-x', '0x5e:010201'],
  arm64: ['-V', 'PXEClient:Arch:00011:UNDI:003000', '-x', '0x5d:000b', '-x', '0x5e:010300'],
  ipxe: [
    ...['-V', 'PXEClient:Arch:00000:UNDI:002001', '-x', '0x5d:0000', '-x', '0x5e:010201'],
    ...['-x', '0x4d:69505845', '-x', '0xaf:130101180101'],
  ],
} as const;

type Speaker = keyof typeof says;

/**
 * An empty machine, played by real clients on a host of the lab, step by step, as firmware and iPXE would: a test can stand
 * between two steps. (Firmware in QEMU boots in test/e2e, where only it can tell.)
 */
export class PlayedMachine {
  readonly place: Namespace;
  readonly #test: Mocha.Context;
  readonly #script: string;
  readonly #folder: string;

  /** @param folder holds `lease-script` (lab-lease.ts), and what TFTP brings */
  constructor(test: Mocha.Context, place: Namespace, folder: string) {
    this.place = place;
    this.#test = test;
    this.#script = join(folder, 'lease-script');
    this.#folder = folder;
  }

  /** Asks for a lease as such a client, a few times, and goes. */
  asks(as: Speaker, ...more: readonly string[]): LabProcess {
    const udhcpc = need(this.#test, 'udhcpc', 'udhcpc');
    const once = ['-f', '-n', '-q', '-t', '3', '-T', '1', '-i', 'eth0', '-s', this.#script];
    return this.place.spawn(udhcpc, [...once, ...says[as], ...more]);
  }

  /** The lease that it gets; its address is set. */
  async lease(as: Speaker): Promise<Lease> {
    return await nextLease(this.asks(as), /bound/);
  }

  /** Asks, and nobody answers. */
  async asksInVain(as: Speaker): Promise<void> {
    const client = this.asks(as);
    const how = await client.ended();
    if (how !== 1) throw client.failure(`ended with ${how}, though nobody should answer`);
  }

  /** Fetches a file from the provisioner by TFTP, in the blocks that firmware asks for. */
  fetches(file: string): LabProcess {
    const atftp = need(this.#test, 'atftp', 'atftp');
    const to = join(this.#folder, `${this.place.name}.loader`);
    return this.place.spawn(atftp, ['--option', 'blksize 1428', '-g', '-r', file, '-l', to, provisioner]);
  }

  /** What a URL gives: the status, and the body as text. */
  async gets(url: string): Promise<{ readonly status: number; readonly body: string }> {
    const curl = need(this.#test, 'curl', 'curl');
    const output = await this.place.run(curl, ['-s', '-w', '\\n%{http_code}', url]);
    const at = output.lastIndexOf('\n');
    return { status: Number(output.slice(at)), body: output.slice(0, at) };
  }

  /** The lease as firmware, the loader, and the lease as iPXE: gives the URL of the script. */
  async getsAsFarAsIpxe(): Promise<string> {
    const { variables } = await this.lease('bios');
    await this.fetches(variables.boot_file ?? '').done();
    return (await this.lease('ipxe')).variables.boot_file ?? '';
  }

  /** The same, and the script: gives what it says about kernel and initrd. */
  async getsTheScript(): Promise<{ readonly kernel: string; readonly initrd: string }> {
    const { body } = await this.gets(await this.getsAsFarAsIpxe());
    const set = (name: string) => new RegExp(`^set ${name} (\\S+)$`, 'm').exec(body)?.[1] ?? '';
    const url = set('download-url');
    return { kernel: `${url}/${set('kernel')}`, initrd: `${url}/${set('initrd')}` };
  }
}
