import { mkdir, writeFile } from 'node:fs/promises';
import { readSettings } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { createMetrics } from '#shared/metrics.ts';
import { tftpSettings } from '../../services/tftp/config.ts';
import { startTftp } from '../../services/tftp/server.ts';
import { emptyMachines, type FakeMachines } from './machines.ts';
import { Keeping } from './telling.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type Line = Record<string, unknown>;

/** The service on loopback, with folders of its own and everything it logs. */
export async function tftpService({
  files = {},
  loaders = { 'ipxe.efi': 'ipxe' },
  args = [],
  machines = emptyMachines,
}: {
  files?: Record<string, string | Uint8Array>;
  loaders?: Record<string, string | Uint8Array>;
  args?: readonly string[];
  machines?: FakeMachines;
} = {}) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const assets = `${folder.path}/assets`;
  const ipxe = `${folder.path}/ipxe`;
  await mkdir(assets);
  await mkdir(ipxe);
  for (const [name, content] of Object.entries(files)) await writeFile(`${assets}/${name}`, content);
  for (const [name, content] of Object.entries(loaders)) await writeFile(`${ipxe}/${name}`, content);

  const lines: Line[] = [];
  const log = createLog('tftp', 'debug', { write: (line) => void lines.push(JSON.parse(line) as Line) });
  const reporter = new Keeping();
  const metrics = createMetrics('tftp');
  const flags = [
    ['--tftp-addr', '127.0.0.1'],
    ['--tftp-port', '0'],
    ['--tftp-ops-addr', '127.0.0.1:0'],
    ['--tftp-timeout', '60s'], // nothing is repeated in a test that does not ask for it
    ['--tftp-asset-dir', assets],
    ['--ipxe-dir', ipxe],
  ].flat();
  const settings = readSettings(tftpSettings, { env: {}, args: [...flags, ...args] });
  const service = stack.use(await startTftp({ settings, log, metrics }, machines, reporter));
  const owned = stack.move();
  return {
    server: service.addresses[0] ?? { host: '', port: 0 },
    servers: service.addresses,
    ops: service.opsAddress,
    assets,
    lines,
    metrics,
    reporter,
    /** The line about a request for `file`, as soon as it is there. */
    async lineAbout(file: string, within = 5000): Promise<Line> {
      const until = performance.now() + within;
      for (;;) {
        const line = lines.findLast((one) => one.file === file);
        if (line !== undefined) return line;
        if (performance.now() > until) throw new Error(`no line about ${file}: ${JSON.stringify(lines)}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    stop: () => service[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
