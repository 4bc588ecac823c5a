import { settingsText } from '#shared/config-text.ts';
import { startReporter } from '#shared/events/reporter.ts';
import { startReplica } from '#shared/hardware/replica.ts';
import { run } from '#shared/run.ts';
import { dhcpSettings } from './config.ts';
import { takePrecedence } from './precedence.ts';
import { startDhcp } from './server.ts';
import { warmUp } from './warm-up.ts';

await run('dhcp', dhcpSettings, async (context) => {
  if (!takePrecedence()) context.log.debug('no right to go before other processes');
  await using stack = new AsyncDisposableStack();
  const machines = stack.use(await startReplica(context, 'dhcp'));
  const settings = settingsText(dhcpSettings, context.settings);
  const reporter = stack.use(startReporter(context, { service: 'dhcp', settings }));
  stack.use(await startDhcp(context, machines, reporter, () => warmUp(context)));
  return stack.move();
});
