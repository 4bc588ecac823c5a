/**
 * What can only be seen from outside of a process, or inside a network namespace:
 * `udp-process.ts close | exit | server | client | devices`.
 */
import { execFileSync } from 'node:child_process';
import { broadcastAddress, formatIp4, parseIp4 } from '#shared/ip4.ts';
import { devices } from '#shared/udp/devices.ts';
import type { DatagramInfo, UdpOptions } from '#shared/udp/engine.ts';
import { openUdp } from '#shared/udp/open.ts';

const onError = (error: Error): never => {
  throw error;
};
const quiet: UdpOptions = { address: parseIp4('127.0.0.1')!, port: 0, handle: () => undefined, onError };
/** Not from /sys, which shows the network namespace that mounted it. */
const ifindexOf = (device: string) =>
  Number.parseInt(execFileSync('ip', ['-o', 'link', 'show', device], { encoding: 'utf8' }), 10);
const peerOf = (info: DatagramInfo) => `${formatIp4(info.sourceAddress)}:${info.sourcePort}`;

switch (process.argv[2]) {
  case 'devices':
    process.stdout.write(`${JSON.stringify(devices())}\n`);
    break;
  case 'close': {
    const sockets = Array.from({ length: 8 }, () => openUdp(quiet));
    await Promise.all(sockets.map((socket) => socket.close()));
    process.stdout.write('closed\n');
    break;
  }
  case 'exit': {
    openUdp(quiet);
    setTimeout(() => {
      process.stdout.write('still open\n');
      process.exit(7);
    }, 100).unref(); // only the socket keeps us here
    break;
  }
  case 'server':
    await serveOnce();
    break;
  case 'client':
    await askUntilAnswered();
    break;
}

/** A DHCP server's way of talking: it answers a broadcast with a broadcast, by the interface that it came in on. */
async function serveOnce(): Promise<void> {
  const va = ifindexOf('va');
  const { promise, resolve } = Promise.withResolvers<object>();
  let elsewhere = 0;
  const other = openUdp({
    ...quiet,
    address: 0,
    port: 67,
    device: 'lo',
    handle() {
      elsewhere++;
      return undefined;
    },
  });
  const server = openUdp({
    ...quiet,
    address: 0,
    port: 67,
    device: 'va',
    handle(_, info) {
      const { ifindex, localAddress } = info;
      resolve({ from: peerOf(info), localAddress: formatIp4(localAddress), sameInterface: ifindex === va });
      const bytes = Buffer.from('offer');
      return { bytes, address: broadcastAddress, port: 68, ifindex, sourceAddress: localAddress };
    },
  });
  const request = await promise;
  await Promise.all([server.close(), other.close()]);
  process.stdout.write(`${JSON.stringify({ server: { ...request, elsewhere } })}\n`);
}

/** A DHCP client's: it repeats itself, because nobody may listen yet. */
async function askUntilAnswered(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<object>();
  const client = openUdp({
    ...quiet,
    address: 0,
    port: 68,
    device: 'vb',
    handle(bytes, info) {
      resolve({ from: peerOf(info), text: Buffer.from(bytes).toString() });
      return undefined;
    },
  });
  const discover = {
    bytes: Buffer.from('discover'),
    address: broadcastAddress,
    port: 67,
    ifindex: ifindexOf('vb'),
  };
  const timer = setInterval(() => client.send(discover), 50);
  const reply = await promise;
  clearInterval(timer);
  await client.close();
  process.stdout.write(`${JSON.stringify({ client: reply })}\n`);
}
