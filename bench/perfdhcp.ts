import type { LabProcess } from '../test/support/lab-process.ts';
import { type BenchLab, clientDevice, needPeer, server } from './bench-lab.ts';
import type { Load } from './dhcp-generators.ts';
import { cpuSeconds } from './process.ts';

/** Exchanges per second that are tried, each 1.4 times the one before. */
const ladder: readonly number[] = [2000, 2800, 4000, 5600, 8000, 11_200, 16_000, 22_400];

/** Seconds of a step; perfdhcp takes whole ones. */
const seconds = 2;

/** Of 1000 exchanges fewer than one may be dropped. */
const mostDropped = 0.001;

/** What is no accident any more: such a step is not tried again. */
const clearlyDropped = 0.02;

const none: Load = { rate: 0, cpu: Number.NaN, dropped: Number.NaN };

/** Where each server's climb ended the last time: the next one begins there. */
const ended = new Map<string, number>();

/** The highest step of the ladder at which nearly nothing is dropped; its rate is 0 when none is held. */
export async function climb(
  lab: BenchLab,
  name: string,
  target: LabProcess,
  machines: number,
): Promise<Load> {
  const held = new Map<number, Load | undefined>();
  const holds = async (step: number): Promise<boolean> => {
    if (!held.has(step)) held.set(step, await attempt(ladder[step] ?? 0));
    return held.get(step) !== undefined;
  };
  /** A step that fails is tried once more, unless it fails clearly. */
  const attempt = async (rate: number): Promise<Load | undefined> => {
    for (const isLast of [false, true]) {
      const load = await perfdhcp(lab, target, machines, rate);
      if (load.dropped < mostDropped) return load;
      if (isLast || load.dropped > clearlyDropped) return undefined;
    }
    return undefined;
  };
  let step = ended.get(name) ?? 3;
  while (step >= 0 && !(await holds(step))) step--;
  while (step >= 0 && step + 1 < ladder.length && (await holds(step + 1))) step++;
  ended.set(name, Math.max(step, 0));
  return held.get(step) ?? none;
}

/** perfdhcp at one rate. It exits with an error when anything was dropped, which is no error here. */
async function perfdhcp(lab: BenchLab, target: LabProcess, machines: number, rate: number): Promise<Load> {
  const load = ['-4', '-R', String(machines), '-r', String(rate), '-p', String(seconds)];
  const before = await cpuSeconds(target);
  // -W: a quarter of a second (in microseconds) for what is still under way.
  const running = lab.load.spawn(needPeer('perfdhcp'), [...load, '-l', clientDevice, '-W', '250000', server]);
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
