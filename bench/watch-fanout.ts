import { join } from 'node:path';
import type { LabProcess } from '../test/support/lab-process.ts';
import { runNode } from '../test/support/lab-smee.ts';
import { type BenchLab, createBenchLab } from './bench-lab.ts';
import { sumOfDatabase, verifySums } from './fanout-content.ts';
import { monotonic } from './inside/monotonic.ts';
import { cpuSeconds, fileAsInImage, memory } from './process.ts';
import { type Effort, type Figures, median, type Scenario } from './scenario.ts';

const replicas = 10;
const perSecond = 1000;

const sizes = {
  full: { machines: 100_000, changes: 10 * perSecond, commits: 200 },
  quick: { machines: 20_000, changes: 2 * perSecond, commits: 100 },
} as const;

async function measure(effort: Effort): Promise<Figures> {
  const { machines, changes, commits } = sizes[effort];
  await using lab = await createBenchLab(machines);
  const { hardware } = lab;
  const database = join(lab.folder, 'smee.db');

  const limit = await carryBytes(lab, database);
  const before = await cpuSeconds(hardware);
  const begun = monotonic();
  const running = Array.from({ length: replicas }, (_, at) =>
    lab.prov.spawn(
      ...fileAsInImage('bench/inside/replica.ts', [
        join(lab.folder, `snapshots-${at}`),
        String(machines),
        String(changes),
      ]),
    ),
  );
  const synced = await Promise.all(running.map((one) => lineOf<Synced>(one, 'syncedAt')));
  if (synced.some(({ records }) => records !== machines)) throw new Error('a replica lacks records');
  const afterSync = await cpuSeconds(hardware);

  const generator = runNode(lab.prov, 'bench/inside/changes.ts', [String(changes), String(perSecond)]);
  const told = await lineOf<Told>(generator, 'dueAt');
  const seen = await Promise.all(running.map((one) => lineOf<Seen>(one, 'seenAt')));
  const afterChanges = await cpuSeconds(hardware);
  const { peak } = await memory(hardware);
  verifySums(
    seen.map(({ sum }) => sum),
    sumOfDatabase(database, machines),
  );

  const delays = told.dueAt.map(
    (due, at) => Math.max(...seen.map(({ seenAt }) => seenAt[at] ?? Number.NaN)) - due,
  );
  const alone = await lineOf<Commits>(
    runNode(lab.prov, 'bench/inside/commits.ts', [database, String(commits)]),
    'each',
  );
  return {
    sync: (Math.max(...synced.map(({ syncedAt }) => syncedAt)) - begun) / 1000,
    'sync limit': limit,
    'sync CPU': (afterSync - before) * 1000,
    'change median': median(delays),
    'change p99': percentile(delays, 0.99),
    'change worst': Math.max(...delays),
    'acknowledged p99': percentile(told.acknowledgedAfter, 0.99),
    'change CPU': ((afterChanges - afterSync) / changes) * 1e6,
    'generator CPU': (told.cpu / changes) * 1e6,
    'commit p99': percentile(alone.each, 0.99),
    'commits/s': commits / (alone.each.reduce((sum, each) => sum + each, 0) / 1000),
    'commits/s together': commits / (alone.together / 1000),
    'RSS hardware': peak,
    'RSS replica': Math.max(...seen.map(({ rss }) => rss)),
  };
}

interface Synced {
  readonly syncedAt: number;
  readonly records: number;
}

interface Told {
  readonly dueAt: readonly number[];
  readonly acknowledgedAfter: readonly number[];
  readonly cpu: number;
}

interface Seen {
  readonly seenAt: readonly number[];
  readonly rss: number;
  readonly sum: string;
}

interface Commits {
  readonly each: readonly number[];
  readonly together: number;
}

/** The line of JSON that begins with a field. */
async function lineOf<T>(one: LabProcess, field: string): Promise<T> {
  const [line] = await one.until(new RegExp(`^\\{"${field}":.*\\}$`, 'm'), { within: 60_000 });
  return JSON.parse(line) as T;
}

/** The seconds in which gRPC brings the same messages from memory to as many processes that throw them away. */
async function carryBytes(lab: BenchLab, database: string): Promise<number> {
  await using server = lab.prov.spawn(...fileAsInImage('bench/inside/raw-watch.ts', [database]));
  await server.until(/^ready$/m);
  const begun = monotonic();
  const readers = Array.from({ length: replicas }, () =>
    lab.prov.spawn(...fileAsInImage('bench/inside/raw-watch.ts', [])),
  );
  const done = await Promise.all(
    readers.map((one) => lineOf<{ doneAt: number; bytes: number }>(one, 'doneAt')),
  );
  const [first] = done;
  if (first === undefined || done.some(({ bytes }) => bytes !== first.bytes || bytes === 0))
    throw new Error('a reader was sent other bytes');
  return (Math.max(...done.map(({ doneAt }) => doneAt)) - begun) / 1000;
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

const one = (what: string, figure: string, unit: string, digits = 0) => ({
  what,
  columns: { smee: figure },
  unit,
  digits,
});

const { machines, changes } = sizes.full;

export const watchFanout: Scenario = {
  title: `${machines} records to ${replicas} replicas`,
  about: `The hardware service holds ${machines} records (SQLite). ${replicas} processes start at once, each with a replica as every service has one
(\`shared/hardware/replica.ts\`) and no snapshot on disk: the time runs from before the first of them is started until the last is in
sync, so that ten starts of Node.js are part of it. Then ${changes} machines are changed, ${perSecond} a second, each by an
\`ApplyHardware\` of its own whether or not those before have been answered, into the database as it always is (a call is answered when
its change is durable): the time of a change runs from when its call was due until the last of the ten replicas shows it; they are
looked at every 5 ms, and write their snapshot files to the same disk meanwhile. The generator reads for a second before, so that its
own start is no part of it. In the end every field of every record in every replica is
compared with the database, which is read by other code. Generator, hardware service and replicas share the processors.

The limits beside it: grpc-js alone, which sends the same messages from memory to ten processes that throw them away (\`bench/inside/raw-watch.ts\`);
and the database alone, without gRPC and without watchers (\`bench/inside/commits.ts\`).`,
  measure,
  rows: [
    {
      work: `gRPC: ${machines} records to ${replicas} replicas, from an empty start`,
      unit: ' s',
      digits: 1,
      ours: 'sync',
      limit: {
        name: 'grpc-js bringing the same bytes to ten processes that throw them away',
        figure: 'sync limit',
      },
      target: { figure: 'sync', atMost: 10, unit: ' s', digits: 1 },
    },
    {
      work: `gRPC: ${perSecond} changes a second, each seen by all ${replicas} replicas: p99`,
      unit: ' ms',
      digits: 1,
      ours: 'change p99',
      limit: { name: 'one durable change in the database alone, p99', figure: 'commit p99' },
      target: { figure: 'change p99', atMost: 100, unit: ' ms', digits: 1 },
    },
  ],
  shown: [
    one('all ten in sync after', 'sync', ' s', 2),
    one('the same bytes by grpc-js to ten that throw them away', 'sync limit', ' s', 2),
    one('CPU of the hardware service for all ten', 'sync CPU', ' ms'),
    one('a change in all ten after, median', 'change median', ' ms', 1),
    one('a change in all ten after, p99', 'change p99', ' ms', 1),
    one('a change in all ten after, worst', 'change worst', ' ms', 1),
    one('a change acknowledged after, p99', 'acknowledged p99', ' ms', 1),
    one('CPU of the hardware service per change', 'change CPU', ' µs'),
    one('CPU of the generator per change', 'generator CPU', ' µs'),
    one('the database alone: one durable change, p99', 'commit p99', ' ms', 1),
    one('the database alone: changes/s, one after the other', 'commits/s', ''),
    one('the database alone: changes/s, all at once', 'commits/s together', ''),
    one('RSS of the hardware service, the most ever', 'RSS hardware', ' MB'),
    one('RSS of a replica in the end', 'RSS replica', ' MB'),
  ],
  targets: [],
};
