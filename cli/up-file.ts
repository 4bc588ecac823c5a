import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { dhcpModes } from '#shared/boot/mode.ts';

const hostPort = z.object({ host: z.string(), port: z.number() });

/** What `smee up` tells the other commands of this host: where everything really listens and lies. */
const upFile = z.object({
  pid: z.number(),
  hardware: hostPort,
  dhcp: z.array(hostPort).min(1),
  /** DHCP's second port, 4011; empty in reservation mode. */
  dhcpProxy: z.array(hostPort),
  tftp: z.array(hostPort),
  http: z.array(hostPort),
  /** Empty without a certificate. */
  https: z.array(hostPort),
  syslog: z.array(hostPort),
  /** null when it is switched off. */
  dashboard: hostPort.nullable(),
  ops: z.record(z.string(), hostPort),
  /** Devices that real machines hang on; none while loopback is all that is served. */
  ifaces: z.array(z.string()),
  dhcpMode: z.enum(dhcpModes),
  /** TFTP answers only addresses of records: this host's are not among them. */
  tftpKnownClientsOnly: z.boolean(),
  /** Absolute; null when there are no loaders. */
  ipxeDir: z.string().nullable(),
  artifactDir: z.string(),
  /** Absolute; the file or folder that records are read from, null when they are in a database. */
  recordFiles: z.string().nullable(),
  /** Loaders are patched as they are served. */
  patched: z.boolean(),
});

export type UpFile = z.infer<typeof upFile>;

/** Beside the database. */
export function upFilePath(sqlitePath: string): string {
  return join(dirname(sqlitePath), 'up.json');
}

/** Readable by its owner only; removed again when disposed of, if it is still ours. */
export async function writeUpFile(path: string, content: UpFile): Promise<AsyncDisposable> {
  const temporary = `${path}.${content.pid}`;
  // The database's folder; other backends have not made it.
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(temporary, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  await rename(temporary, path);
  return {
    async [Symbol.asyncDispose]() {
      if ((await readUpFile(path)).up?.pid === content.pid) await rm(path, { force: true });
    },
  };
}

/**
 * What a running `smee up` wrote; `hint` says why there is nothing when that is worth saying.
 */
export async function readUpFile(path: string): Promise<{ readonly up?: UpFile; readonly hint?: string }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return {};
  }
  const parsed = upFile.safeParse(parseJson(text));
  if (!parsed.success) return { hint: `${path} cannot be read and is ignored` };
  if (!isAlive(parsed.data.pid)) {
    return { hint: `${path} is left over from process ${parsed.data.pid}, which has ended, and is ignored` };
  }
  return { up: parsed.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
