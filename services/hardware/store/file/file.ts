import { statSync } from 'node:fs';
import { messageOf, SmeeError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import type { Report } from '../../decide/file-plan.ts';
import { openSqlite } from '../sqlite.ts';
import type { Store } from '../store.ts';
import { changesOf, pause, type WatchTimes } from './changes.ts';
import { fingerprint } from './files.ts';
import { readApart } from './read-apart.ts';
import type { Places, Synchronised } from './sync.ts';
import { describeReport, Teller } from './tell.ts';

interface Times extends WatchTimes {
  /** Until the next try, when the mirror could not be written (a full disk), in milliseconds. */
  readonly retry: number;
}

const defaultTimes: Times = { settle: 100, poll: 2000, retry: 10_000 };

/**
 * Records in a YAML file, or a folder of them: read, mirrored into a database of our own, which gives them revisions and a
 * history, and served from there; then watched. Resolves after the first reading.
 *
 * @throws {SmeeError} `store` when there is nothing at the path, or nothing in it can be read and nothing was read before
 */
export async function openFile(places: Places, log: Log, times: Partial<Times> = {}): Promise<Store> {
  const { path, statePath } = places;
  refuseMissing(path);
  const stop = new AbortController();
  const reader = new FileReader(places, log, stop.signal);
  const seen = fingerprint(path);
  const first = await reader.read();
  using stack = new DisposableStack();
  const mirror = stack.use(openSqlite(statePath));
  refuseUseless(path, first, mirror);
  const open = stack.move();
  void follow(reader, seen, { ...defaultTimes, ...times });
  return {
    id: mirror.id,
    get revision() {
      return mirror.revision;
    },
    get oldest() {
      return mirror.oldest;
    },
    get size() {
      return mirror.size;
    },
    get problems() {
      return reader.problems;
    },
    get reports() {
      return reader.reports;
    },
    find: mirror.find,
    list: mirror.list,
    changes: mirror.changes,
    snapshot: mirror.snapshot,
    onChange: reader.onChange,
    writer: undefined,
    readOnly: `the records come from ${path}: change them there`,
    [Symbol.dispose]: () => {
      stop.abort();
      open.dispose();
    },
  };
}

/** Reads the files, says what is wrong, and calls back when something changed. */
class FileReader {
  readonly places: Places;
  readonly stop: AbortSignal;
  /** Of the last reading. */
  problems = 0;
  /** The first of them. When the files could not be read at all, those of the reading before: they still stand. */
  reports: readonly Report[] = [];
  readonly #log: Log;
  readonly #teller: Teller;
  readonly #listeners = new Set<() => void>();

  constructor(places: Places, log: Log, stop: AbortSignal) {
    this.places = places;
    this.stop = stop;
    this.#log = log;
    this.#teller = new Teller(log);
  }

  readonly onChange: Store['onChange'] = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What was read; or why nothing could be, which has been told. */
  async read(): Promise<Synchronised | SmeeError> {
    const begin = performance.now();
    const { path } = this.places;
    const read = await readApart(this.places, this.stop);
    if (this.stop.aborted) return read;
    if (read instanceof SmeeError) {
      this.problems = 1;
      this.#teller.tellFailure(read.message);
      return read;
    }
    const { reports, ...counts } = read;
    this.problems = read.problems;
    this.reports = reports;
    this.#teller.tell(reports, read.problems);
    const ms = Math.round(performance.now() - begin);
    this.#log.info({ path, ...counts, ms }, 'hardware files read');
    if (read.created + read.updated + read.deleted > 0) for (const listener of this.#listeners) listener();
    return read;
  }
}

async function follow(reader: FileReader, seen: string, times: Times): Promise<void> {
  const { places, stop } = reader;
  for await (const _ of changesOf(places.path, seen, times, stop))
    while (cameToNothing(await reader.read()) && !stop.aborted) await pause(times.retry, stop);
}

/** The mirror was the trouble, or the lack of a thread; trouble with the files is cured by a change of them. */
function cameToNothing(read: Synchronised | SmeeError): boolean {
  return read instanceof SmeeError && read.code !== 'no-files' && read.code !== 'read';
}

function refuseMissing(path: string): void {
  try {
    statSync(path);
  } catch (error) {
    throw new SmeeError('store', `SMEE_BACKEND_FILE_PATH: ${messageOf(error)}`, { cause: error });
  }
}

/** Without a last good version, bad files would make every machine unknown. */
function refuseUseless(path: string, first: Synchronised | SmeeError, { size }: Pick<Store, 'size'>): void {
  // A database of another backend, or a later release: whatever is in it is not the files' last good content.
  if (first instanceof SmeeError && (first.code === 'store' || first.code === 'newer-database')) throw first;
  if (size > 0) return;
  if (first instanceof SmeeError) {
    // A folder in which nothing is yet.
    if (first.code === 'no-files') return;
    throw first;
  }
  if (first.problems === 0) return;
  const lines = first.reports.slice(0, 20).map(describeReport);
  throw new SmeeError('store', `no record of ${path} can be used:\n${lines.join('\n')}`);
}
