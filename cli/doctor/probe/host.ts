import { statfs } from 'node:fs/promises';
import { formatHostPort, type HostPort } from '#shared/config.ts';
import type { DiskFact, NamedServerFact } from '../facts.ts';

/** Room where the database and the snapshots lie; folders that are not there are on another host. */
export async function probeDisks(folders: readonly string[]): Promise<readonly DiskFact[]> {
  const read = await Promise.all(
    [...new Set(folders)].map(async (path) => {
      const disk = await statfs(path).catch(() => undefined);
      if (disk === undefined || disk.blocks === 0) return undefined;
      return { path, freeBytes: disk.bavail * disk.bsize, freePart: disk.bavail / disk.blocks };
    }),
  );
  return read.flatMap((fact) => fact ?? []);
}

export interface NamedWeb {
  readonly what: string;
  readonly url: string;
}

/** Whether HTTP servers that DHCP names answer at all; what they answer is their own affair. */
export async function probeWeb(named: readonly NamedWeb[]): Promise<readonly NamedServerFact[]> {
  return await Promise.all(
    named.map(async ({ what, url }) => {
      const signal = AbortSignal.timeout(2500);
      const answer = await fetch(url, { method: 'HEAD', signal, redirect: 'manual' }).catch(() => undefined);
      return { what, where: url, answers: answer !== undefined };
    }),
  );
}

/** The TFTP server that DHCP names, when it is not one of ours. */
export function namedTftp(server: HostPort, answers: boolean): NamedServerFact {
  return { what: 'dhcp-tftp-ip', where: formatHostPort(server), answers };
}
