import { settingsText } from '#shared/config-text.ts';
import { startReporter } from '#shared/events/reporter.ts';
import { startReplica } from '#shared/hardware/replica.ts';
import { run } from '#shared/run.ts';
import { syslogSettings } from './config.ts';
import { startSyslog } from './server.ts';

await run('syslog', syslogSettings, async (context) => {
  await using stack = new AsyncDisposableStack();
  const machines = stack.use(await startReplica(context, 'syslog'));
  const settings = settingsText(syslogSettings, context.settings);
  const reporter = stack.use(startReporter(context, { service: 'syslog', settings }));
  stack.use(await startSyslog(context, machines, reporter));
  return stack.move();
});
