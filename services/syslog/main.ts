import { startReplica } from '#shared/hardware/replica.ts';
import { run } from '#shared/run.ts';
import { syslogSettings } from './config.ts';
import { startSyslog } from './server.ts';

await run('syslog', syslogSettings, async (context) => {
  await using stack = new AsyncDisposableStack();
  const machines = stack.use(await startReplica(context, 'syslog'));
  stack.use(await startSyslog(context, machines));
  return stack.move();
});
