import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Holder } from '../facts.ts';

/** Who forwards a published port of a container to it. */
const forwarders: readonly string[] = [
  'docker-proxy',
  'rootlessport',
  'rootlesskit',
  'slirp4netns',
  'pasta',
  'conmon',
];

/** The command line of a service of ours, its words ended by NUL. */
const oursPattern = /services\/[a-z]+\/main\.ts\0|(?:cli\/smee\.ts|\/smee)\0(?:.*\0)?up\0/s;

type Sockets = ReadonlyMap<string, readonly string[]>;

/** Looks once at every socket of this network namespace, and says who has a port. */
export async function readHolders(): Promise<
  (protocol: 'udp' | 'tcp', port: number) => Promise<readonly Holder[]>
> {
  const [sockets, processes] = await Promise.all([readSockets(), readProcesses()]);
  return async (protocol, port) => {
    const inodes = sockets.get(`${protocol} ${port}`) ?? [];
    const pids = new Set(inodes.map((inode) => processes.get(inode)));
    const holders = await Promise.all([...pids].map(describe));
    const hasHidden = holders.some(({ kind }) => kind === 'hidden');
    const forwarder = hasHidden ? await forwarderOf(protocol, port) : undefined;
    return holders.map((holder) => (holder.kind === 'hidden' ? (forwarder ?? holder) : holder));
  };
}

/** `udp 69` → inodes. */
async function readSockets(): Promise<Sockets> {
  const found = new Map<string, string[]>();
  for (const table of ['udp', 'udp6', 'tcp', 'tcp6']) {
    const protocol = table.slice(0, 3);
    const lines = (await readFile(`/proc/net/${table}`, 'utf8').catch(() => '')).trim().split('\n').slice(1);
    for (const line of lines) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      // 0A: a TCP socket that listens.
      if (protocol === 'tcp' && state !== '0A') continue;
      const key = `${protocol} ${Number.parseInt(local.split(':')[1] ?? '', 16)}`;
      found.set(key, [...(found.get(key) ?? []), inode]);
    }
  }
  return found;
}

/** Inode of a socket → process, as far as this user may look. */
async function readProcesses(): Promise<ReadonlyMap<string, number>> {
  const pids = await pidsOf();
  const found = new Map<string, number>();
  await Promise.all(
    pids.map(async (pid) => {
      const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
      for (const fd of descriptors) {
        const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
        const [, inode] = /^socket:\[(\d+)\]$/.exec(target) ?? [];
        if (inode !== undefined) found.set(inode, Number(pid));
      }
    }),
  );
  return found;
}

/** Docker's forwarder says on its command line, which everybody may read, what it forwards. */
async function forwarderOf(protocol: string, port: number): Promise<Holder | undefined> {
  for (const pid of await pidsOf()) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const words = line.split('\0');
    const hasWords = (name: string, value: string) => words[words.indexOf(name) + 1] === value;
    if (
      words[0]?.endsWith('docker-proxy') &&
      hasWords('-proto', protocol) &&
      hasWords('-host-port', String(port))
    )
      return { pid: Number(pid), name: 'docker-proxy', kind: 'published' };
  }
  return undefined;
}

async function pidsOf(): Promise<readonly string[]> {
  return (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
}

async function describe(pid: number | undefined): Promise<Holder> {
  if (pid === undefined) return { pid, name: '', kind: 'hidden' };
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const [name, line] = await Promise.all([read('comm').then((text) => text.trim()), read('cmdline')]);
  if (oursPattern.test(line)) return { pid, name, kind: 'ours' };
  return { pid, name, kind: forwarders.includes(name) ? 'published' : 'foreign' };
}
