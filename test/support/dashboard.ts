import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { readSettings } from '#shared/config.ts';
import { dashboardSettings } from '../../services/dashboard/config.ts';
import type { Limits } from '../../services/dashboard/limits.ts';
import { startDashboard } from '../../services/dashboard/server.ts';
import { type LogLine, logSink } from './log-sink.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The token of every dashboard that a test starts with one. */
export const dashboardToken = 'a-token-of-the-tests-0123456789';

export interface RunningDashboard extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly metrics: Registry;
  readonly logLines: readonly LogLine[];
}

/** The real service on loopback, at a port of its own, in front of the hardware service at `hardwarePort`. */
export async function runDashboard(
  hardwarePort: number,
  {
    token = false,
    flags = [],
    limits = {},
  }: { token?: boolean; flags?: readonly string[]; limits?: Partial<Limits> } = {},
): Promise<RunningDashboard> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const tokenFile = join(folder.path, 'token');
  await writeFile(tokenFile, `${dashboardToken}\n`, { mode: 0o600 });
  const args = [
    ...(flags.some((flag) => flag.startsWith('--dashboard-addr')) ? [] : ['--dashboard-addr=127.0.0.1:0']),
    `--hardware-addr=127.0.0.1:${hardwarePort}`,
    ...(token ? [`--dashboard-token-file=${tokenFile}`] : []),
    ...flags,
  ];
  const settings = readSettings(dashboardSettings, { env: {}, args });
  const { log, lines: logLines } = logSink('dashboard');
  const metrics = new Registry();
  const { port } = stack.use(await startDashboard({ settings, log, metrics }, limits)).address;
  const all = stack.move();
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    metrics,
    logLines,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
