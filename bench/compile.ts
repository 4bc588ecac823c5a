import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const inside = fileURLToPath(new URL('inside/', import.meta.url));

/** Compiles bench/inside/NAME.c into a folder. Returns the program's path. @param cc the compiler's path */
export function compile(cc: string, name: string, folder: string): string {
  const program = join(folder, name);
  const { status, stderr } = spawnSync(cc, ['-O2', '-Wall', '-o', program, join(inside, `${name}.c`)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bench/inside/${name}.c cannot be compiled:\n${stderr}`);
  return program;
}
