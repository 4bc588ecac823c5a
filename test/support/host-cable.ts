import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { missing, need } from './clients.ts';
import { Lab, type Namespace } from './lab.ts';

const run = promisify(execFile);

/** The host's end of the cable, a /24 that is nobody's (TEST-NET-2). */
export const hostAddress = '198.51.100.1';

/** This host and one machine, on a cable of their own: what containers on the host's network and published ports need. */
export interface HostCable extends AsyncDisposable {
  /** The host's end. */
  readonly device: string;
  /** The machine; its end is `eth0`, with no address yet. */
  readonly client: Namespace;
}

/** Makes such a cable; without root the test is pending, and fails in CI. */
export async function plugIn(test: Mocha.Context, mac: string): Promise<HostCable> {
  if (process.getuid?.() !== 0) missing(test, 'only root may give this host a network device; run as root');
  const ip = need(test, 'ip', 'iproute2');
  await using stack = new AsyncDisposableStack();
  const lab = stack.use(await Lab.create(test));
  const client = await lab.addHost('machine');
  const device = `smee${process.pid}`;
  const end = ['name', 'eth0', 'address', mac, 'netns', String(client.pid)];
  await run(ip, ['link', 'add', 'name', device, 'type', 'veth', 'peer', ...end]);
  stack.defer(async () => {
    await run(ip, ['link', 'del', device]);
  });
  await run(ip, ['addr', 'add', `${hostAddress}/24`, 'dev', device]);
  await run(ip, ['link', 'set', device, 'up']);
  await client.setUp('ip link set eth0 up');
  const owned = stack.move();
  return { device, client, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
