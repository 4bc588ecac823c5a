import { setTimeout as pause } from 'node:timers/promises';

/** Waits until `done` says true. @throws after `withinMs`, naming what did not come */
export async function until(
  what: string,
  done: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(5);
  }
}
