import type { LabProcess } from '../test/support/lab-process.ts';
import { type BenchLab, server } from './bench-lab.ts';
import { cpuSecondsOfTree } from './process.ts';

/** How a server is asked, by bench/inside/http-load.c. */
export interface Load {
  /** The file of what is asked and due (bench/http-orders.ts). */
  readonly orders: string;
  /** Each machine opens a connection of its own, or they share some that stay open. */
  readonly connections: 'new' | 'kept';
  /** Machines that are served at a time. */
  readonly atOnce: number;
  /** 0: each machine asks once. */
  readonly seconds: number;
}

export interface Carried {
  /** Answers per second. */
  readonly rate: number;
  /** Processor time of the server, all its processes, and of the load, in seconds per answer. */
  readonly cpu: number;
  readonly loadCpu: number;
  /** Milliseconds from the opening of a connection, or the request on one that is kept, to the last byte. */
  readonly p50: number;
  readonly p99: number;
}

/** @throws when an answer is wrong, or does not come @param generator the compiled program */
export async function carry(
  { load }: BenchLab,
  generator: string,
  running: LabProcess,
  port: number,
  { orders, connections, atOnce, seconds }: Load,
): Promise<Carried> {
  const before = await cpuSecondsOfTree(running);
  const said = await load.run(generator, [server, port, orders, connections, atOnce, seconds].map(String));
  const spent = (await cpuSecondsOfTree(running)) - before;
  const {
    done,
    wrong,
    failed,
    seconds: took,
    cpu,
    p50,
    p99,
  } = JSON.parse(said.split('\n').at(-2) ?? '') as Counted;
  if (wrong > 0 || failed > 0 || done === 0)
    throw new Error(`${running.name}: ${wrong} answers wrong, ${failed} failed of ${done}:\n${said}`);
  return { rate: done / took, cpu: spent / done, loadCpu: cpu / done, p50, p99 };
}

/** What the program prints; its processor time in seconds. */
type Counted = Readonly<Record<'done' | 'wrong' | 'failed' | 'seconds' | 'cpu' | 'p50' | 'p99', number>>;
