import type { LabProcess } from '../test/support/lab-process.ts';
import { runNode } from '../test/support/lab-smee.ts';
import { type BenchLab, client, clientDevice, needPeer, server } from './bench-lab.ts';
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

/** Exchanges in flight at a time under our own load: Kea's packet queue holds as many by default. */
export const inFlight = 64;

/** Our own load: as much as the server can take, every answer checked. */
export async function ownLoad(
  lab: BenchLab,
  target: LabProcess,
  machines: number,
  seconds: number,
): Promise<Load> {
  const args = [server, client, String(machines), String(inFlight), String(seconds)];
  const before = await cpuSeconds(target);
  const said = await runNode(lab.load, 'bench/inside/dhcp-load.ts', args).done(seconds * 1000 + 20_000);
  const spent = (await cpuSeconds(target)) - before;
  const {
    exchanges,
    lost,
    wrong,
    seconds: took,
  } = JSON.parse(said) as Record<'exchanges' | 'lost' | 'wrong' | 'seconds', number>;
  if (wrong > 0) throw new Error(`${target.name} gave ${wrong} wrong answers`);
  if (exchanges === 0) throw new Error(`${target.name} answered nothing\n${target.tail()}`);
  return { rate: exchanges / took, cpu: (spent / exchanges) * 1e6, dropped: lost / (exchanges + lost) };
}

/** perfdhcp at one rate. It exits with an error when anything was dropped, which is no error here. */
async function perfdhcp(
  lab: BenchLab,
  target: LabProcess,
  machines: number,
  seconds: number,
  rate: number,
): Promise<Load> {
  const load = ['-4', '-R', String(machines), '-r', String(rate), '-p', String(seconds)];
  const before = await cpuSeconds(target);
  // -W: half a second (in microseconds) for what is still under way.
  const running = lab.load.spawn(needPeer('perfdhcp'), [...load, '-l', clientDevice, '-W', '500000', server]);
  await running.ended(seconds * 1000 + 20_000);
  const spent = (await cpuSeconds(target)) - before;
  const [begun = 0] = numbers(running.output, /sent packets: (\d+)/g);
  const [, completed = 0] = numbers(running.output, /received packets: (\d+)/g);
  if (begun === 0) throw running.failure('sent nothing');
  return {
    rate: completed / seconds,
    cpu: (spent / completed) * 1e6,
    dropped: 1 - completed / begun,
  };
}

function numbers(text: string, pattern: RegExp): number[] {
  return [...text.matchAll(pattern)].map(([, digits]) => Number(digits));
}

/** Exchanges per second that are tried, each 1.4 times the one before. */
export const ladder: readonly number[] = [2000, 2800, 4000, 5600, 8000, 11_200, 16_000, 22_400];

/** Of 1000 exchanges fewer than one may be dropped. */
const mostDropped = 0.001;

/** What perfdhcp saw: the first step of the ladder, held or not, and the highest that was held. */
export interface Climb {
  readonly first: Load;
  /** Its rate is 0 when not even the first step was held. */
  readonly best: Load;
}

/** Goes up the ladder while nearly nothing is dropped. A step that fails is tried once more. */
export async function climb(
  lab: BenchLab,
  target: LabProcess,
  machines: number,
  seconds: number,
): Promise<Climb> {
  let first: Load | undefined;
  let best: Load = { rate: 0, cpu: Number.NaN, dropped: Number.NaN };
  for (const rate of ladder) {
    let load = await perfdhcp(lab, target, machines, seconds, rate);
    if (load.dropped >= mostDropped) load = await perfdhcp(lab, target, machines, seconds, rate);
    first ??= load;
    if (load.dropped >= mostDropped) break;
    best = load;
  }
  return { first: first ?? best, best };
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
