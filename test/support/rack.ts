import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import protocol from 'dhcp/lib/protocol.js';
import type { HardwareInput } from '#shared/hardware/contract.ts';
import { dhcpPeer, message } from './dhcp-peer.ts';
import { record } from './hardware-server.ts';
import { type ServiceName, ServiceProcess } from './service-process.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { fetch as fetchByTftp, TftpClient } from './tftp.ts';

/** Bytes that tell at every place where they stand. */
const loader = Buffer.from(Array.from({ length: 20_000 }, (_, at) => `${at};`).join(''));

/** The `index`th machine of a rack, as its record says. */
export function rackMachine(index: number, address = `10.77.0.${index}`): HardwareInput & { name: string } {
  const { interfaces } = record(`node${index}`, index);
  const [first] = interfaces ?? [];
  const dhcp = { ...first?.dhcp, ip: { address, netmask: '255.255.0.0' } };
  return { name: `node${index}`, interfaces: [{ ...first, dhcp }] };
}

export const macOfMachine = (index: number) => `52:54:00:77:00:${index.toString(16).padStart(2, '0')}`;

/** What a machine heard: an answer to compare, or undefined when nobody answered it in time (it will ask again). */
export type Heard = string | undefined;

/** The address that DHCP offers. */
export async function offered(service: ServiceProcess, index: number, within = 300): Promise<Heard> {
  using peer = await dhcpPeer(service.address);
  await peer.send(message({ chaddr: macOfMachine(index).replaceAll(':', '-') }));
  const deadline = performance.now() + within;
  while (peer.heard.length === 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const [reply] = peer.heard;
  return reply && protocol.parse(Buffer.from(reply)).yiaddr;
}

/** Whether TFTP gives the loader, byte for byte. */
export async function loaded(service: ServiceProcess): Promise<Heard> {
  await using client = await TftpClient.open(service.address);
  try {
    const bytes = await fetchByTftp(client, 'ipxe.efi', { blksize: 1428, windowsize: 4, patience: 100 });
    return bytes.equals(loader) ? 'the loader' : 'other bytes';
  } catch {
    return undefined; // silence, or the ERROR 5 of a server that has just begun
  }
}

/** The machine that the script over HTTP is for, or the status when there is none. */
export async function scripted(service: ServiceProcess, index: number): Promise<Heard> {
  const { host, port } = service.address;
  try {
    const answer = await fetch(`http://${host}:${port}/${macOfMachine(index)}/auto.ipxe`);
    const text = await answer.text();
    return answer.status === 200 ? /hw_addr=(\S+)/.exec(text)?.[1] : `${answer.status}`;
  } catch {
    return undefined; // refused, or reset
  }
}

/** The hardware service and what boots from it, each a process, with folders of their own. */
export async function startRack() {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const ipxe = join(folder.path, 'ipxe');
  const artifacts = join(folder.path, 'artifacts');
  await mkdir(ipxe);
  await mkdir(artifacts);
  await writeFile(join(ipxe, 'ipxe.efi'), loader);

  const own = async (name: ServiceName, ...flags: readonly string[]): Promise<ServiceProcess> =>
    stack.use(await ServiceProcess.start(name, ...flags));
  const hardware = await own('hardware', `--sqlite-path=${join(folder.path, 'smee.db')}`);
  /** Starts a service that follows the hardware service at `port`; its snapshot lies in the folder `snapshots`. */
  const consumer = (name: ServiceName, { port = hardware.address.port, snapshots = 'snapshots' } = {}) => {
    const loaders = name === 'tftp' || name === 'http' ? [`--ipxe-dir=${ipxe}`] : [];
    return own(
      name,
      `--hardware-addr=127.0.0.1:${port}`,
      `--snapshot-dir=${join(folder.path, snapshots)}`,
      ...loaders,
      ...(name === 'tftp' ? [`--tftp-asset-dir=${artifacts}`] : []),
      ...(name === 'http' ? [`--artifact-dir=${artifacts}`] : []),
    );
  };
  return {
    folder: folder.path,
    artifacts,
    hardware,
    consumer,
    /** Kills and stops with the rack what a test has started again. */
    use: <T extends AsyncDisposable>(one: T): T => stack.use(one),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
