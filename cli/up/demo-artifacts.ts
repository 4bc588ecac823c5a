import { createCipheriv } from 'node:crypto';
import { mkdir, open, readdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf } from '#shared/errors.ts';

/** What machines fetch: what lies in the artifact folder. */
export interface Artifacts {
  /** Absolute. */
  readonly folder: string;
  readonly names: readonly string[];
  /** Those that we made up. */
  readonly demo: readonly string[];
}

/** The start of each, so that nobody takes it for the real thing. */
const mark = 'smee demo artifact: made-up bytes, neither a kernel nor an initrd\n';

/** Bytes by name: large enough to be worth streaming. */
const sizes = { 'vmlinuz-x86_64': 1 << 20, 'initramfs-x86_64': 2 << 20 };

/** Puts two made-up artifacts into a folder that has none, so that a simulated machine has something to fetch. */
export async function ensureArtifacts(path: string, say: (text: string) => void): Promise<Artifacts> {
  const folder = resolve(path);
  if ((await namesIn(folder)).length === 0) {
    try {
      await mkdir(folder, { recursive: true });
      for (const [name, size] of Object.entries(sizes))
        await write(join(folder, name), demoBytes(name, size));
    } catch (error) {
      say(`note: no artifacts, and none can be made: ${messageOf(error)}`);
    }
  }
  const names = await namesIn(folder);
  const demo: string[] = [];
  for (const name of Object.keys(sizes))
    if (names.includes(name) && (await isDemo(join(folder, name)))) demo.push(name);
  return { folder, names, demo };
}

/** The same bytes each time and everywhere: a counter, encrypted with a fixed key. */
export function demoBytes(name: string, size: number): Buffer {
  const key = Buffer.alloc(16, name);
  const noise = createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
  noise.write(mark);
  return noise;
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${path}.new`, bytes);
  await rename(`${path}.new`, path);
}

async function isDemo(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(mark.length), 0, mark.length, 0);
  return buffer.toString('utf8', 0, bytesRead) === mark;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.')).sort();
}
