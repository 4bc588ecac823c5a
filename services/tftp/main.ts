import { startReplica } from '#shared/hardware/replica.ts';
import { run } from '#shared/run.ts';
import { tftpSettings } from './config.ts';
import { startTftp } from './server.ts';

await run('tftp', tftpSettings, async (context) => {
  await using stack = new AsyncDisposableStack();
  const machines = stack.use(await startReplica(context, 'tftp'));
  stack.use(await startTftp(context, machines));
  return stack.move();
});
