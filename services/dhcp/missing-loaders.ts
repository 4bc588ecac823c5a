import { isDeepStrictEqual } from 'node:util';
import { loadLoaders } from '#shared/assets/ipxe.ts';
import { messageOf } from '#shared/errors.ts';
import type { Context } from '#shared/run.ts';
import type { DhcpSettings } from './config.ts';

/** How often the iPXE folder is looked at, in milliseconds: a file that is put there counts this much later. */
const lookEvery = 5000;

/**
 * Which loaders of the architecture map are not in the iPXE folder. Where there is no folder, or somebody else serves the
 * loaders (`dhcp-tftp-ip`, `dhcp-http-ipxe-binary-host`), nobody can know, and none is missing.
 */
export class MissingLoaders implements Disposable {
  /** The same object for as long as nothing has changed. */
  names: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;

  static async watch({ settings, log }: Context<DhcpSettings>): Promise<MissingLoaders> {
    const watcher = new MissingLoaders();
    if (settings.tftpIp !== undefined || settings.binaryHost !== undefined) return watcher;
    const loaders = await loadLoaders(settings.ipxeDir);
    if (loaders.folder === undefined) return watcher;
    const look = async () => {
      const names = new Set(await loaders.missing());
      if (!isDeepStrictEqual(names, watcher.names)) watcher.names = names;
    };
    await look();
    for (const file of watcher.names) {
      log.warn(
        { file, folder: loaders.folder, why: 'loader-missing' },
        `${file} is not in ${loaders.folder}`,
      );
    }
    watcher.#timer = setInterval(() => {
      look().catch((error: unknown) =>
        log.error({ error: messageOf(error) }, 'cannot look at the iPXE folder'),
      );
    }, lookEvery).unref();
    return watcher;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
