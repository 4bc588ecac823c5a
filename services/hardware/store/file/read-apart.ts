import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { messageOf, SmeeError } from '#shared/errors.ts';
import type { Places, Synchronised } from './sync.ts';

/** What the thread sends back. */
export type Outcome = { readonly done: Synchronised } | { readonly failed: string; readonly code: string };

/** What YAML needs for 50 MB is gigabytes: the thread may run out of memory, the service may not. */
const memoryMb = 2048;

/**
 * Reads the files and brings the mirror up to date in a thread of its own, so that calls are answered meanwhile. Resolves
 * with an error (`no-files`, `store`, `unavailable`, `read`, `no-thread`, …) when nothing was changed.
 */
export async function readApart(places: Places, stop: AbortSignal): Promise<Synchronised | SmeeError> {
  let worker: Worker | undefined;
  try {
    // Throws where there is no memory or descriptor left for a thread.
    worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: places,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    const [outcome]: Outcome[] = await once(worker, 'message', { signal: stop });
    if (outcome === undefined) throw new Error('the reading thread said nothing');
    return 'done' in outcome ? outcome.done : new SmeeError(outcome.code, outcome.failed);
  } catch (error) {
    const code = worker === undefined ? 'no-thread' : 'read';
    return new SmeeError(code, `${places.path}: ${messageOf(error)}`, { cause: error });
  } finally {
    await worker?.terminate();
  }
}
