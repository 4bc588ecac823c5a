import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabProcess } from '../test/support/lab-process.ts';
import { type BenchLab, createBenchLab, needPeer, server, startService } from './bench-lab.ts';
import { compile } from './compile.ts';
import { startNginx } from './nginx.ts';
import { cpuSecondsOfTree, memory } from './process.ts';
import type { Bound, Effort, Figures, Row, Scenario, Shown } from './scenario.ts';
import { megabyte } from './tftp-fetch.ts';
import { wrk } from './wrk.ts';

/** What is fetched, by its size in MB, and on how many connections at a time. */
const works = [
  { name: '200 MB × 16', file: '200', connections: 16 },
  { name: '200 MB × 256', file: '200', connections: 256 },
  { name: '1 MB × 16', file: '1', connections: 16 },
  { name: '1 MB × 256', file: '1', connections: 256 },
] as const;

type Work = (typeof works)[number];

/** Seconds of each turn. */
const turns = { full: 1.5, quick: 0.3 } as const;

/** Seconds of a first turn of each, which nobody counts. */
const warmUp = 0.2;

interface Server {
  readonly name: 'smee' | 'nginx' | 'bare 200' | 'bare 1';
  readonly port: number;
  /** The URL folder of the files. */
  readonly at: string;
  readonly works: readonly Work[];
  start(lab: BenchLab, files: string): Promise<LabProcess>;
}

const bare = (file: '200' | '1', port: number): Server => ({
  name: `bare ${file}`,
  port,
  at: '/',
  works: works.filter((work) => work.file === file),
  async start({ prov, folder }, files) {
    const program = compile(needPeer('cc'), 'bare-sendfile', folder);
    const running = prov.spawn(program, [server, String(port), join(files, file)]);
    await running.until(/listening/);
    return running;
  },
});

const servers: readonly Server[] = [
  {
    name: 'nginx',
    port: 8081,
    at: '/',
    works,
    start: (lab, files) => startNginx(lab, 8081, `root ${files};`),
  },
  bare('200', 8082),
  bare('1', 8083),
  {
    name: 'smee',
    port: 8080,
    at: '/artifacts/',
    works,
    start: (lab, files) => startService(lab, 'http', ['--artifact-dir', files]),
  },
];

/** What the load prints; its processor time in seconds. */
type Counted = Readonly<Record<'bytes' | 'wrong' | 'failed' | 'seconds' | 'cpu', number>>;

async function measure(effort: Effort): Promise<Figures> {
  await using lab = await createBenchLab(1);
  const files = join(lab.folder, 'artifacts');
  await mkdir(files);
  await chmod(lab.folder, 0o755);
  for (const size of [1, 200]) await writeFile(join(files, String(size)), randomBytes(size * megabyte));
  const generator = compile(needPeer('cc'), 'artifact-load', lab.folder);

  const figures: Record<string, number> = {};
  for (const one of servers) {
    await using running = await one.start(lab, files);
    const take = ({ file, connections }: Pick<Work, 'file' | 'connections'>, seconds: number) =>
      lab.load.run(
        generator,
        [server, one.port, one.at + file, join(files, file), connections, seconds].map(String),
      );
    // What is compiled while it runs is warm, as it is a second into any storm.
    for (const work of one.works) await take(work, warmUp);
    for (const work of one.works) {
      const { name } = work;
      const before = await cpuSecondsOfTree(running);
      const said = await take(work, turns[effort]);
      const spent = (await cpuSecondsOfTree(running)) - before;
      const { bytes, wrong, failed, seconds, cpu } = JSON.parse(said.split('\n').at(-2) ?? '') as Counted;
      if (wrong > 0 || failed > 0 || bytes === 0)
        throw new Error(`${one.name}: ${wrong} answers wrong, ${failed} failed:\n${said}`);
      const who = one.name.split(' ')[0];
      figures[`${who} ${name} rate`] = bytes / megabyte / seconds;
      figures[`${who} ${name} cpu`] = (spent * 1e6) / (bytes / megabyte);
      figures[`${who} ${name} load`] = (cpu * 1e6) / (bytes / megabyte);
    }
    if (one.name === 'smee') figures['smee memory'] = (await memory(running)).peak;
    if (one.name === 'smee' || one.name === 'nginx')
      figures[`${one.name} wrk`] = await wrk(lab, 16, `http://${server}:${one.port}${one.at}1`);
  }
  return { ...figures, ...ratios(figures) };
}

function ratios(figures: Figures): Figures {
  const of = (work: string, figure: string) =>
    (figures[`smee ${work} ${figure}`] ?? Number.NaN) / (figures[`nginx ${work} ${figure}`] ?? Number.NaN);
  const found = works.flatMap(({ name }) => [
    [`${name} rate smee / nginx`, of(name, 'rate')] as const,
    [`${name} cpu smee / nginx`, of(name, 'cpu')] as const,
  ]);
  const byRate = works.toSorted((a, b) => of(a.name, 'rate') - of(b.name, 'rate'));
  const byCpu = works.toSorted((a, b) => of(b.name, 'cpu') - of(a.name, 'cpu'));
  return {
    ...Object.fromEntries(found),
    ...worst('rate', byRate[0]?.name, figures),
    ...worst('cpu', byCpu[0]?.name, figures),
  };
}

/** The figures of the work in which we are furthest behind, for the table at the top. */
function worst(figure: 'rate' | 'cpu', work: string | undefined, figures: Figures): Figures {
  const of = (server: string) => figures[`${server} ${work} ${figure}`] ?? Number.NaN;
  return {
    [`smee worst ${figure}`]: of('smee'),
    [`nginx worst ${figure}`]: of('nginx'),
    [`bare worst ${figure}`]: of('bare'),
    [`${figure} smee / nginx`]: of('smee') / of('nginx'),
  };
}

const shown = (what: string, figure: string): Shown => ({
  what,
  columns: {
    smee: `smee ${figure}`,
    nginx: `nginx ${figure}`,
    'bare sendfile': `bare ${figure}`,
    'smee / nginx': `${figure} smee / nginx`,
  },
  unit: '',
});

/** What both rows have in common: they are one promise. */
const wall = {
  promise: 'HTTP artifacts',
  tried: `sendfile on the event loop alone (one core: 0.6 times the rate), in the thread pool alone, with one to eight calls at a time
and two to four threads; by both; the head corked; one descriptor and one look at a file for all who ask at a time; before the framework.`,
  profile: `two thirds of our CPU is sendfile in the kernel, as in nginx. A quarter is the main thread, on which Node parses and writes heads;
half of that is for handing calls to threads: each takes five to six futex calls to wake them, where a worker of nginx goes on by itself.`,
};

const row = (work: string, unit: string, figure: 'rate' | 'cpu', target: Bound, floor: Bound): Row => ({
  work,
  unit,
  ours: `smee worst ${figure}`,
  peer: { name: 'nginx with sendfile', figure: `nginx worst ${figure}` },
  ratio: `${figure} smee / nginx`,
  limit: { name: 'a bare sendfile loop in C, one thread', figure: `bare worst ${figure}` },
  target,
  wall: { ...wall, floor },
});

const times = { unit: '×', digits: 2 } as const;

export const httpArtifacts: Scenario = {
  title: 'Artifacts over HTTP, beside nginx with sendfile',
  about: `Two network namespaces and a veth pair between them. Files of 200 MB and of 1 MB are fetched on 16 and 256 connections that are
kept, and every byte is compared (\`bench/inside/artifact-load.c\`, one process). nginx has a worker for each core, sendfile, tcp_nopush, and its
access log in a file; smee its log in a file, its metrics, and it tells the hardware service. The limit is a loop in C, in one thread, that
does nothing but sendfile. Rates are MB/s; CPU is that of the server, all its processes, in µs per MB; the load's own is shown, too.
The table at the top shows the work in which we are furthest behind. wrk is the outside judge.`,
  measure,
  rows: [
    row(
      'HTTP artifacts: rate, worst of four works',
      ' MB/s',
      'rate',
      { figure: 'rate smee / nginx', atLeast: 0.9, ...times },
      { figure: 'rate smee / nginx', atLeast: 0.5, ...times },
    ),
    row(
      'HTTP artifacts: CPU, worst of four works',
      ' µs/MB',
      'cpu',
      { figure: 'cpu smee / nginx', atMost: 1.5, ...times },
      { figure: 'cpu smee / nginx', atMost: 2, ...times },
    ),
  ],
  shown: [
    ...works.flatMap(({ name }) => [
      shown(`${name}: MB/s`, `${name} rate`),
      shown(`${name}: CPU, µs per MB`, `${name} cpu`),
      shown(`${name}: CPU of the load, µs per MB`, `${name} load`),
    ]),
    shown('wrk, 1 MB × 16: answers/s', 'wrk'),
    { what: 'RSS, the most ever', columns: { smee: 'smee memory' }, unit: ' MB' },
  ],
  targets: [{ what: 'RSS, the most ever', figure: 'smee memory', atMost: 300, unit: ' MB' }],
};
