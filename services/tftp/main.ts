import { settingsText } from '#shared/config-text.ts';
import { startReporter } from '#shared/events/reporter.ts';
import { startReplica } from '#shared/hardware/replica.ts';
import { run } from '#shared/run.ts';
import { tftpSettings } from './config.ts';
import { startTftp } from './server.ts';

await run('tftp', tftpSettings, async (context) => {
  await using stack = new AsyncDisposableStack();
  const machines = stack.use(await startReplica(context, 'tftp'));
  const settings = settingsText(tftpSettings, context.settings);
  const reporter = stack.use(startReporter(context, { service: 'tftp', settings }));
  stack.use(await startTftp(context, machines, reporter));
  return stack.move();
});
