import type { Registry } from 'prom-client';
import { helpText, readSettings, type Setting, type Source, type Table, type Values } from './config.ts';
import { ConfigError, messageOf } from './errors.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics } from './metrics.ts';

/** What every service is started with. */
export interface Context<S> {
  readonly settings: S;
  readonly log: Log;
  readonly metrics: Registry;
}

/** How long work in flight may take to finish after a stop signal, in milliseconds; then the process exits all the same. */
const stopWithin = 10_000;

/**
 * Runs one service as a process: reads its settings (every problem is listed, exit 1), starts it, and owns its signals:
 * the first SIGTERM or SIGINT stops it gracefully, within 10 seconds. `start` gives back what is to be closed.
 */
export async function run<T extends Table & { logLevel: Setting<string> }>(
  service: string,
  table: T,
  start: (context: Context<Values<T>>) => Promise<AsyncDisposable>,
): Promise<void> {
  const { argv, env } = process;
  const args = argv.slice(2);
  if (args.some((arg) => /^--?h(elp)?$/.test(arg))) {
    process.stdout.write(helpText(`services/${service}/main.ts`, table));
    return;
  }
  const settings = readOrExit(table, { env, args });
  const log = createLog(service, settings.logLevel as string);
  try {
    const { promise: started, resolve } = Promise.withResolvers<AsyncDisposable>();
    // Before the start: a signal that comes during it closes what was started, too.
    stopOnSignal({ [Symbol.asyncDispose]: async () => await (await started)[Symbol.asyncDispose]() }, log);
    resolve(start({ settings, log, metrics: createMetrics(service) }));
    await started;
  } catch (error) {
    const problems = error instanceof ConfigError ? error.problems : [messageOf(error)];
    log.fatal({ problems }, 'cannot start');
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 1000).unref();
  }
}

function readOrExit<T extends Table>(table: T, source: Source): Values<T> {
  try {
    return readSettings(table, source);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.problems.join('\n')}\n`);
    process.exit(1);
  }
}

/** Closes `running` at the first SIGTERM or SIGINT; a second signal, or ten seconds, end the process at once. */
export function stopOnSignal(running: AsyncDisposable, log: Log): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error({ ms: stopWithin }, 'work in flight did not end in time; exiting');
      process.exit(1);
    }, stopWithin).unref();
    running[Symbol.asyncDispose]().then(
      () => log.info('stopped'),
      (error: unknown) => {
        log.error({ error: messageOf(error) }, 'stop failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
