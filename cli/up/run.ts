import { resolve } from 'node:path';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { helpText, type Source } from '#shared/config.ts';
import { SmeeError } from '#shared/errors.ts';
import { createLog } from '#shared/log.ts';
import { stopOnSignal } from '#shared/run.ts';
import { CommandError } from '../exit.ts';
import { readUpFile, upFilePath, writeUpFile } from '../up-file.ts';
import { formatBanner } from './banner.ts';
import { ensureArtifacts } from './demo-artifacts.ts';
import { addressedInterfaces } from './interfaces.ts';
import { ensureLoaders } from './loaders.ts';
import { allowPorts } from './ports.ts';
import { allTables, readUpSettings, recordFilesOf, servedDevices } from './settings.ts';
import { type Running, startAll } from './start.ts';

/** The text of `smee up --help`. */
export function upHelp(): string {
  return helpText('smee up', Object.assign({}, ...Object.values(allTables)));
}

/**
 * Runs the whole provisioner until a signal ends it.
 * @throws {ConfigError} about settings; {SmeeError} about ports that are taken, a store that cannot be opened, …
 */
export async function up(source: Source): Promise<void> {
  // What gRPC would print by itself stands in our errors, too.
  setLogVerbosity(logVerbosity.NONE);
  const interfaces = addressedInterfaces();
  const wanted = readUpSettings(source, interfaces);
  const upPath = upFilePath(wanted.hardware.sqlitePath);
  await refuseSecond(upPath);

  const { settings, moved } = await allowPorts(wanted);
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const loaders = await ensureLoaders(settings.http, say);
  const artifacts = await ensureArtifacts(settings.http.artifactDir, say);

  const recordFiles = recordFilesOf(settings.hardware);
  await using stack = new AsyncDisposableStack();
  const running = stack.use(await explained(startAll(settings)));
  stack.use(
    await writeUpFile(upPath, {
      pid: process.pid,
      ...running.addresses,
      ifaces: servedDevices(settings),
      dhcpMode: settings.dhcp.mode,
      tftpKnownClientsOnly: settings.tftp.tftpKnownClientsOnly,
      ipxeDir: loaders.folder ?? null,
      artifactDir: artifacts.folder,
      recordFiles: recordFiles === undefined ? null : resolve(recordFiles),
      patched: settings.http.ipxeScriptPatch !== undefined,
    }),
  );
  const { dhcp, up: served } = settings;
  const [ifaces, dhcpIfaces] = [served.iface ?? [], dhcp.ifaces ?? []];
  const banner = { running, loaders, artifacts, moved, interfaces, ifaces, dhcpIfaces };
  say(formatBanner(banner, process.stderr));
  stopOnSignal(stack.move(), createLog('up', settings.hardware.logLevel));
}

/** Two would write one database and wonder about each other's ports. */
async function refuseSecond(path: string): Promise<void> {
  const { up: other, hint } = await readUpFile(path);
  if (other !== undefined) {
    throw new CommandError('failed', `smee up runs here already, as process ${other.pid} (says ${path})`);
  }
  if (hint !== undefined) process.stderr.write(`note: ${hint}\n`);
}

/** A taken port is the most common failure; say how to find who has it. */
async function explained(starting: Promise<Running>): Promise<Running> {
  try {
    return await starting;
  } catch (error) {
    if (!(error instanceof Error) || !/EADDRINUSE|taken|in use/i.test(`${codeOf(error)} ${error.message}`))
      throw error;
    throw new SmeeError(
      'EADDRINUSE',
      `${error.message}\nWho has it: ss -tulpn (with sudo, to see everybody's)`,
      {
        cause: error,
      },
    );
  }
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
