import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { broadcastOf, formatIp4, type Ip4, maskOf } from '#shared/ip4.ts';
import type { GuestFact, InterfaceFact } from '../facts.ts';
import { command } from './command.ts';
import { neighboursOf } from './neighbours.ts';
import { curlArgs, largeBlock, smallBlock } from './tftp.ts';

/** How many free addresses are tried for, from the top of the network. */
const candidates = 3;

/** curl's exit codes for a server that answered, be it with an ERROR. */
const answered: ReadonlySet<number | undefined> = new Set([0, 68, 69, 70, 71, 72, 73, 74]);

/**
 * Plugs a machine of our own into a bridge, a namespace at the end of a cable, and lets it fetch a file by TFTP in small and in large
 * blocks: what it sends comes in like everybody's. It goes away with everything that it needed.
 *
 * @param taken addresses of records
 * @returns undefined where it cannot be made: no right to, no free address, a program that is missing
 */
export async function probeAsGuest(
  bridge: InterfaceFact,
  { port, file, taken }: { readonly port: number; readonly file: string; readonly taken: readonly Ip4[] },
): Promise<GuestFact | undefined> {
  const [network] = bridge.networks;
  if (network === undefined || network.prefix > 29) return undefined;
  const address = await freeAddress(bridge.name, network, taken);
  if (address === undefined) return undefined;
  const holder = await holdNamespace();
  if (holder === undefined) return undefined;
  try {
    const { pid } = holder;
    const inside = ['--target', pid, '--net', '--'];
    const device = `smeedr${randomBytes(3).toString('hex')}`;
    const cidr = `${formatIp4(address)}/${network.prefix}`;
    const steps: readonly (readonly [string, readonly string[]])[] = [
      [
        'ip',
        [
          'link',
          'add',
          'name',
          device,
          'type',
          'veth',
          'peer',
          'name',
          'eth0',
          'netns',
          `/proc/${pid}/ns/net`,
        ],
      ],
      ['ip', ['link', 'set', device, 'master', bridge.name, 'up']],
      ['nsenter', [...inside, 'ip', 'addr', 'add', cidr, 'dev', 'eth0']],
      ['nsenter', [...inside, 'ip', 'link', 'set', 'eth0', 'mtu', String(bridge.mtu), 'up']],
    ];
    for (const [program, args] of steps) if ((await command(program, args))?.code !== 0) return undefined;
    const server = formatIp4(network.address);
    const fetchIn = async (block: number) => {
      const args = [...inside, 'curl', ...curlArgs({ host: server, port }, file, block)];
      return (await command('nsenter', args, 5000))?.code;
    };
    const [small, large] = await Promise.all([fetchIn(smallBlock), fetchIn(largeBlock)]);
    // Without curl in there: 127 of a shell, 1 of nsenter.
    if (small === 127 || small === 1) return undefined;
    // Large blocks are of no interest where the file is not there.
    const isLarge = large === 0 || small !== 0;
    return { interface: bridge.name, server, port, small: answered.has(small), large: isLarge };
  } finally {
    holder.process.kill('SIGKILL');
  }
}

/** A process that does nothing but have a network of its own; its device, and so the cable, goes when it goes. */
async function holdNamespace(): Promise<
  { readonly process: ChildProcess; readonly pid: string } | undefined
> {
  // Its id as /proc has it, by which ip and nsenter find it.
  const script = 'read -r pid _ </proc/self/stat; echo "$pid"; exec cat';
  const process = spawn('unshare', ['--net', '--', 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const pid = await Promise.race([
    once(process.stdout, 'data').then(([data]) => String(data).trim()),
    once(process, 'close').then(() => undefined),
  ]).catch(() => undefined);
  return pid === undefined ? undefined : { process, pid };
}

/** An address of the network that no record has and nobody answers for, not even ARP. */
async function freeAddress(
  device: string,
  { address, prefix }: { readonly address: Ip4; readonly prefix: number },
  taken: readonly Ip4[],
): Promise<Ip4 | undefined> {
  const top = broadcastOf(address, maskOf(prefix));
  const tried: Ip4[] = [];
  for (let at = top - 1; tried.length < candidates && at > top - 64; at--) {
    if (at !== address && !taken.includes(at)) tried.push(at);
  }
  await Promise.all(
    tried.map(
      async (one) => await command('ping', ['-n', '-c', '1', '-W', '1', '-I', device, formatIp4(one)]),
    ),
  );
  const known = new Set((await neighboursOf(device)).map((neighbour) => neighbour.address));
  return tried.find((one) => !known.has(formatIp4(one)));
}
