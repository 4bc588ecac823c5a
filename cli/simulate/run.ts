import type { HardwareClient } from '#shared/hardware/client.ts';
import { boot, type Provisioner } from './boot.ts';
import { StepError } from './failure.ts';
import { type Identity, recordOf } from './machine.ts';
import type { Reporter } from './report.ts';
import { whySilent } from './silence.ts';
import { Steps, type Told } from './steps.ts';

/** Who is to boot. */
export interface Subject {
  readonly machine: Identity;
  /** It has a record of its own, which is left as it is; otherwise one is made, and removed at the end. */
  readonly hasRecord: boolean;
}

export interface Simulation {
  readonly hardware: HardwareClient;
  readonly provisioner: Provisioner;
  readonly machines: readonly Subject[];
  /** On loopback each machine sends from its own address; elsewhere all send from the host's. */
  readonly loopback: boolean;
  /** For the whole boot of one machine, in milliseconds. */
  readonly timeout: number;
  readonly reporter: Reporter;
}

/** Boots all machines at once and reports; gives the number of those that failed. Records are removed in any case. */
export async function simulate(simulation: Simulation): Promise<number> {
  const { machines, reporter } = simulation;
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort(new StepError('interrupted'));
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const done = await Promise.all(machines.map((one) => bootOne(one, simulation, interrupt.signal)));
    reporter.finished();
    return done.filter((booted) => !booted).length;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** Whether it booted. */
async function bootOne(
  { machine, hasRecord }: Subject,
  { hardware, provisioner, loopback, timeout, reporter }: Simulation,
  interrupted: AbortSignal,
): Promise<boolean> {
  const start = performance.now();
  const deadline = new AbortController();
  const timer = setTimeout(
    () => deadline.abort(new StepError(`not done within ${timeout / 1000} s`)),
    timeout,
  );
  const signal = AbortSignal.any([interrupted, deadline.signal]);
  const steps = new Steps((result) => reporter.step(machine, result));
  reporter.started(machine, provisioner);
  await untilFailure(async () => {
    try {
      if (!hasRecord) await steps.run('record', () => makeRecord(hardware, machine));
      await boot(machine, provisioner, localAddressOf(machine, loopback), steps, signal);
    } finally {
      clearTimeout(timer);
      if (!hasRecord) await steps.run('clean-up', () => removeRecord(hardware, machine));
    }
  });
  const { results, failed } = steps;
  const why =
    failed?.failure?.why ?? (hasRecord ? await whySilent(hardware, machine.mac, failed?.step) : undefined);
  reporter.ended(machine, { results, failed, why, ms: performance.now() - start });
  return failed === undefined;
}

/** A failed step is in the results already. */
async function untilFailure(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
  }
}

async function makeRecord(hardware: HardwareClient, machine: Identity): Promise<Told<void>> {
  await hardware.apply(recordOf(machine));
  return [undefined, `${machine.name} applied`];
}

async function removeRecord(hardware: HardwareClient, { name }: Identity): Promise<Told<void>> {
  const removed = await hardware.delete(name);
  return [undefined, removed ? `${name} removed` : `${name} was not there any more`];
}

/** On loopback the machine's own address, so that it can be found by it. */
function localAddressOf({ address }: Identity, loopback: boolean): string | undefined {
  return loopback && address?.startsWith('127.') ? address : undefined;
}
