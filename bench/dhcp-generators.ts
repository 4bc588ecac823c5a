import type { LabProcess } from '../test/support/lab-process.ts';
import { runNode } from '../test/support/lab-smee.ts';
import { type BenchLab, client, server } from './bench-lab.ts';
import { cpuSeconds } from './process.ts';

/** What a server did under one load. */
export interface Load {
  /** Four-way exchanges per second that were completed. */
  readonly rate: number;
  /** Microseconds of the server's processor time per exchange. */
  readonly cpu: number;
  /** Exchanges begun and not completed within a second, of all that were begun: 0 to 1. */
  readonly dropped: number;
}

/** The same, and what our own load says of itself. */
export interface OwnLoad extends Load {
  /** Microseconds of the load's own processor time per exchange. */
  readonly loadCpu: number;
  /** Length of an ACK. */
  readonly answerBytes: number;
  /** Datagrams that were sent. */
  readonly sent: number;
  /** Microseconds from a DISCOVER until its ACK: the median, and what one in a hundred exceeds. */
  readonly p50: number;
  readonly p99: number;
}

/** What happened to a load that begins its exchanges by the clock. */
export interface PacedLoad extends Load {
  /** Microseconds from a request to its answer: the median, and what one in a hundred exceeds. */
  readonly p50: number;
  readonly p99: number;
  /** How late the load itself began its exchanges: what one in a hundred exceeds, in microseconds. */
  readonly late: number;
  /** Exchanges begun per second. */
  readonly begun: number;
  /** Datagrams that were sent, answers that were fetched, and answers that came but found the load's own buffer full. */
  readonly sent: number;
  readonly answers: number;
  readonly lostByLoad: number;
}

/** Whom a load asks, and how its answers are judged. */
export interface Asked {
  readonly process: LabProcess;
  readonly machines: number;
  /** Under our load in flight, they are every so manieth of those that have records. */
  readonly every?: number;
  /** It sends back what it is sent. */
  readonly echo?: boolean;
  /** Options that it fills by its dice. */
  readonly varying?: readonly number[];
}

/** Exchanges in flight at a time under our own load: Kea's packet queue holds as many by default. */
export const inFlight = 64;

/** DHCP's port, on both sides: a relay's is the server's. */
const port = 67;

/** As much as the server can take. @param seconds how long; 0: until each machine has been through it once */
export async function ownLoad(
  lab: BenchLab,
  asked: Asked,
  seconds: number,
  atOnce = inFlight,
): Promise<OwnLoad> {
  const { told, cpu } = await run(lab, asked, 'dhcp-load', {
    inFlight: atOnce,
    seconds,
    every: asked.every,
  });
  const { exchanges = 0, lost = 0, seconds: took = 0, cpu: own = 0, answerBytes = 0, sent = 0 } = told;
  const { p50 = Number.NaN, p99 = Number.NaN } = told;
  return {
    rate: exchanges / took,
    cpu: (cpu / exchanges) * 1e6,
    loadCpu: (own / exchanges) * 1e6,
    dropped: lost / (exchanges + lost),
    answerBytes,
    sent,
    p50: p50 * 1000,
    p99: p99 * 1000,
  };
}

/** So many exchanges begun per second, by the clock. */
export async function pacedLoad(
  lab: BenchLab,
  asked: Asked,
  rate: number,
  seconds: number,
): Promise<PacedLoad> {
  const { told, cpu } = await run(lab, asked, 'dhcp-paced', { rate, seconds });
  const { exchanges = 0, begun = 0, sent = 0, answers = 0, dropped = 0 } = told;
  const { p50 = Number.NaN, p99 = Number.NaN, late = Number.NaN, seconds: took = 0, beginning = 0 } = told;
  return {
    rate: exchanges / took,
    begun: begun / beginning,
    cpu: (cpu / exchanges) * 1e6,
    dropped: 1 - exchanges / begun,
    p50: p50 * 1000,
    p99: p99 * 1000,
    late: late * 1000,
    sent,
    answers,
    lostByLoad: dropped,
  };
}

/** Runs one of our loads beside its server. It fails when there was one wrong answer. */
async function run(lab: BenchLab, asked: Asked, load: string, plan: object) {
  const { process, machines, echo, varying } = asked;
  const whole = { server: `${server}:${port}`, relay: `${client}:${port}`, machines, echo, varying, ...plan };
  const before = await cpuSeconds(process);
  const said = await runNode(lab.load, `bench/inside/${load}.ts`, [JSON.stringify(whole)]).done(60_000);
  const cpu = (await cpuSeconds(process)) - before;
  const told = JSON.parse(said) as Readonly<Record<string, number>>;
  if (told.exchanges === 0) throw new Error(`${process.name} answered nothing\n${process.tail()}`);
  return { told, cpu };
}

/** A server that has just been started does not answer at once. */
export async function untilAnswered(attempt: () => Promise<unknown>): Promise<void> {
  for (let left = 20; ; left--) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
