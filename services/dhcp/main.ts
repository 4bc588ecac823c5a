import { settingsText } from '#shared/config-text.ts';
import { messageOf } from '#shared/errors.ts';
import { startReporter } from '#shared/events/reporter.ts';
import { startReplica } from '#shared/hardware/replica.ts';
import { run } from '#shared/run.ts';
import { dhcpSettings } from './config.ts';
import { takePrecedence } from './precedence.ts';
import { startDhcp } from './server.ts';
import { warmUp } from './warm-up.ts';

await run('dhcp', dhcpSettings, async (context) => {
  const { log } = context;
  if (!takePrecedence()) log.debug('no right to go before other processes');
  await using stack = new AsyncDisposableStack();
  const machines = stack.use(await startReplica(context, 'dhcp'));
  const settings = settingsText(dhcpSettings, context.settings);
  const reporter = stack.use(startReporter(context, { service: 'dhcp', settings }));
  const warm = async () => {
    try {
      await warmUp(context.settings);
    } catch (error) {
      log.debug({ error: messageOf(error) }, 'could not warm up: the first answers will take longer');
    }
  };
  stack.use(await startDhcp(context, machines, reporter, warm));
  return stack.move();
});
