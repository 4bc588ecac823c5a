import { startReplica } from '#shared/hardware/replica.ts';
import { run } from '#shared/run.ts';
import { dhcpSettings } from './config.ts';
import { startDhcp } from './server.ts';

await run('dhcp', dhcpSettings, async (context) => {
  await using stack = new AsyncDisposableStack();
  const machines = stack.use(await startReplica(context, 'dhcp'));
  stack.use(await startDhcp(context, machines));
  return stack.move();
});
