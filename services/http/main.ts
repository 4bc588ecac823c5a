import { settingsText } from '#shared/config-text.ts';
import { startReporter } from '#shared/events/reporter.ts';
import { startReplica } from '#shared/hardware/replica.ts';
import { run } from '#shared/run.ts';
import { httpSettings } from './config.ts';
import { startHttp } from './server.ts';

await run('http', httpSettings, async (context) => {
  await using stack = new AsyncDisposableStack();
  const machines = stack.use(await startReplica(context, 'http'));
  const settings = settingsText(httpSettings, context.settings);
  const reporter = stack.use(startReporter(context, { service: 'http', settings }));
  stack.use(await startHttp(context, machines, reporter));
  return stack.move();
});
