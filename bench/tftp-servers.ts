import { join } from 'node:path';
import type { LabProcess } from '../test/support/lab-process.ts';
import { type BenchLab, needPeer, server, serverDevice, startService } from './bench-lab.ts';
import { compile } from './compile.ts';
import { spawnInto } from './process.ts';

/** An Ethernet frame: what machines ask for. */
export const blockSize = 1468;

/** Who serves the files of a folder. */
interface TftpServer {
  readonly name: string;
  start(lab: BenchLab, root: string): Promise<LabProcess>;
}

export const ours: TftpServer = {
  name: 'smee',
  start: (lab, root) => startService(lab, 'tftp', ['--tftp-asset-dir', root]),
};

export const peers: readonly TftpServer[] = [
  {
    name: 'tftpd-hpa',
    async start({ prov, folder }, root) {
      const how = ['-L', '--user', 'nobody', '--address', `${server}:69`, '--secure', root];
      return spawnInto(join(folder, 'tftpd.log'), prov, needPeer('in.tftpd'), how);
    },
  },
  {
    name: 'dnsmasq',
    async start({ prov, folder }, root) {
      const how = [
        '--keep-in-foreground',
        '--port=0',
        '--log-facility=-',
        '--conf-file=/dev/null',
        '--enable-tftp',
      ];
      const where = [`--tftp-root=${root}`, '--tftp-max=2000', `--interface=${serverDevice}`, '--user=root'];
      return spawnInto(join(folder, 'dnsmasq.log'), prov, needPeer('dnsmasq'), [...how, ...where]);
    },
  },
];

/** The physical limit: a program in C that answers each ACK with the next window of one file, and knows nothing else. */
export function startBare({ prov, folder }: BenchLab, file: string, window: number): LabProcess {
  const program = compile(needPeer('cc'), 'tftp-bare', folder);
  return prov.spawn(program, [server, '69', file, String(blockSize), String(window), '64']);
}
