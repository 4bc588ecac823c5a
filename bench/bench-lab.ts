import { join } from 'node:path';
import { need, type Pending } from '../test/support/clients.ts';
import { Lab, type Namespace } from '../test/support/lab.ts';
import type { LabProcess } from '../test/support/lab-process.ts';
import { untilReadiness } from '../test/support/lab-smee.ts';
import { temporaryFolder } from '../test/support/temporary-folder.ts';
import { installLine } from './peers.ts';
import { asInImage, spawnInto } from './process.ts';
import { seedDatabase } from './records.ts';

/** What a benchmark does on a machine that lacks something: the reason is on the screen already. */
const notHere: Pending = {
  skip(): never {
    throw new Error('this machine cannot run the benchmark');
  },
};

/** The path of a program to compare with. */
export const needPeer = (command: string): string => need(notHere, command, installLine);

export const server = '10.77.0.1';
export const client = '10.77.0.2';
/** The server's and the client's end of the cable. */
export const serverDevice = 'serve0';
export const clientDevice = 'load0';

/** Starts one of our services as its image does, with its log in a file, and waits until it is ready. */
export async function startService(
  { prov, folder }: Pick<BenchLab, 'prov' | 'folder'>,
  service: 'dhcp' | 'tftp' | 'http',
  flags: readonly string[],
): Promise<LabProcess> {
  const how = asInImage(service, ['--snapshot-dir', folder, ...flags]);
  const running = spawnInto(join(folder, `${service}.log`), prov, ...how);
  await untilReadiness(prov, 200, service);
  return running;
}

/** Waits until somebody listens there. */
export async function untilListens(place: Namespace, protocol: 'udp' | 'tcp', port: number): Promise<void> {
  const look = `ss -H -${protocol === 'udp' ? 'lun' : 'ltn'} 'sport = :${port}'`;
  await place.setUp(`until ${look} | grep -q .; do sleep 0.05; done`);
}

/** Gives the load networks of machines for its own. All are behind one host: a neighbour table has no room for ten thousand of them. */
export async function routeMachines({ load, prov }: BenchLab, ...networks: readonly string[]): Promise<void> {
  await load.setUp(...networks.map((net) => `ip route add local ${net} dev lo`));
  await prov.setUp(...networks.map((net) => `ip route add ${net} via ${client}`));
}

/** Two namespaces joined by a veth pair, a hardware service with so many records, and a folder for everybody's files. */
export interface BenchLab extends AsyncDisposable {
  readonly prov: Namespace;
  readonly load: Namespace;
  readonly folder: string;
  readonly machines: number;
  readonly hardware: LabProcess;
}

export async function createBenchLab(machines: number): Promise<BenchLab> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder()).path;
  const lab = stack.use(await Lab.create(notHere));
  const load = await lab.addHost('load');
  await lab.cable(lab.prov, serverDevice, load, clientDevice, '02:00:00:00:00:02');
  await lab.prov.setUp(`ip addr add ${server}/16 brd + dev ${serverDevice}`);
  await load.setUp(`ip addr add ${client}/16 brd + dev ${clientDevice}`);

  const database = join(folder, 'smee.db');
  seedDatabase(database, machines);
  const files = ['--sqlite-path', database, '--boots-path', join(folder, 'boots.db')];
  const hardware = spawnInto(join(folder, 'hardware.log'), lab.prov, ...asInImage('hardware', files));
  await untilReadiness(lab.prov, 200, 'hardware');

  const owned = stack.move();
  return {
    prov: lab.prov,
    load,
    folder,
    machines,
    hardware,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
