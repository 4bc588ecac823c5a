import { startReplica } from '#shared/hardware/replica.ts';
import { run } from '#shared/run.ts';
import { httpSettings } from './config.ts';
import { startHttp } from './server.ts';

await run('http', httpSettings, async (context) => {
  await using stack = new AsyncDisposableStack();
  const machines = stack.use(await startReplica(context, 'http'));
  stack.use(await startHttp(context, machines));
  return stack.move();
});
