import { SmeeError } from '#shared/errors.ts';
import { openDatabase } from '../sqlite.ts';
import { readContent } from './content.ts';
import { listFiles } from './files.ts';
import { type Mirrored, mirror } from './mirror.ts';

export interface Places {
  /** A file of records, or a folder of such files. */
  readonly path: string;
  /** The database that mirrors them. */
  readonly statePath: string;
}

/** What is told of one reading; all that is wrong with a large file would be as large. */
const maxReports = 1000;

export interface Synchronised extends Mirrored {
  readonly files: number;
  /** How many things are wrong; `reports` are the first of them. */
  readonly problems: number;
}

/**
 * Reads the files and brings the mirror up to date; takes seconds for megabytes.
 * @throws {SmeeError} `no-files` when there is none: a disk that is not mounted does not mean "delete everything"; and what
 * {@link mirror} throws
 */
export function synchronise({ path, statePath }: Places): Synchronised {
  const files = listFiles(path);
  if (files.length === 0) throw new SmeeError('no-files', `${path} holds no .yaml, .yml or .json file`);
  const contents = files.map(readContent);
  const database = openDatabase(statePath);
  try {
    const { reports, ...counts } = mirror(database, contents);
    const problems = reports.length;
    return { ...counts, files: files.length, problems, reports: reports.slice(0, maxReports) };
  } finally {
    database.close();
  }
}
