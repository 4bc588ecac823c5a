import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, SmeeError } from '#shared/errors.ts';
import type { Outcome } from './read-apart.ts';
import { type Places, synchronise } from './sync.ts';

/** One reading, in a thread of its own. */
function outcome(): Outcome {
  try {
    return { done: synchronise(workerData as Places) };
  } catch (error) {
    return { failed: messageOf(error), code: error instanceof SmeeError ? error.code : 'read' };
  }
}

parentPort?.postMessage(outcome());
