import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readStream } from 'node:stream/consumers';
import { messageOf } from '#shared/errors.ts';
import type { HardwareInput } from '#shared/hardware/contract.ts';
import { formatProblem, readHardware } from '#shared/hardware/documents.ts';

interface Document {
  /** `rack1.yaml, line 12` */
  readonly where: string;
  readonly hardware: HardwareInput;
}

export interface Documents {
  readonly documents: readonly Document[];
  /** Each with its file, document, line and field. */
  readonly problems: readonly string[];
}

/** Reads hardware records, of either format, from files, folders (their .yaml, .yml and .json) and `-` for standard input. Never throws. */
export async function readDocuments(paths: readonly string[]): Promise<Documents> {
  const documents: Document[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    try {
      for (const file of await filesAt(path)) {
        const [name, content] =
          file === '-'
            ? ['standard input', await readStream(process.stdin)]
            : [file, await readFile(file, 'utf8')];
        const read = readHardware(content);
        for (const { hardware, line } of read.records)
          documents.push({ where: `${name}, line ${line}`, hardware });
        for (const problem of read.problems) problems.push(`${name}: ${formatProblem(problem)}`);
      }
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  return { documents, problems };
}

async function filesAt(path: string): Promise<readonly string[]> {
  if (path === '-' || !(await stat(path)).isDirectory()) return [path];
  // As the file store reads a folder: what is hidden belongs to an editor or to Kubernetes.
  const names = (await readdir(path)).filter((name) => /^[^.].*\.(ya?ml|json)$/i.test(name)).sort();
  if (names.length === 0) throw new Error(`${path}: no .yaml, .yml or .json file in this folder`);
  return names.map((name) => join(path, name));
}
