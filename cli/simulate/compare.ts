import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '#shared/errors.ts';
import { StepError } from './failure.ts';

/** A file or URL as DHCP named it, without the trace of the exchange: each exchange has its own. */
export function untraced(name: string): string {
  return name.replace(/(-|\?traceparent=)00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, '');
}

/** What was fetched: never kept, only counted and digested as it comes. */
export class Digest {
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;

  readonly add = (data: Uint8Array): void => {
    this.#hash.update(data);
    this.#bytes += data.length;
  };

  get bytes(): number {
    return this.#bytes;
  }

  /** Hexadecimal; the digest takes no more after this. */
  finish(): string {
    return this.#hash.digest('hex');
  }
}

/** Where the files lie that the provisioner serves; undefined when it is not on this host. */
export interface Folders {
  readonly ipxeDir: string | undefined;
  readonly artifactDir: string | undefined;
  /** Loaders are served with a script fragment written over their magic string. */
  readonly patched: boolean;
}

/** Compares what was fetched with the files on disk, each of which is read once, however many machines boot. */
export class Originals {
  readonly #folders: Folders;
  readonly #digests = new Map<string, Promise<string>>();

  constructor(folders: Folders) {
    this.#folders = folders;
  }

  /** A loader as DHCP named it, with or without folders and a trace in its name. @throws {StepError} when bytes differ */
  async checkLoader(name: string, fetched: Digest): Promise<string> {
    if (this.#folders.patched) return 'not compared: loaders are patched as they are served';
    return await this.#check(this.#folders.ipxeDir, basename(untraced(name)), fetched);
  }

  /** What came from a URL. @throws {StepError} when bytes differ */
  async checkArtifact(url: URL, fetched: Digest): Promise<string> {
    const path = /^\/+artifacts\/+(.+)$/.exec(url.pathname)?.[1];
    if (path === undefined) return 'not compared: it is not one of our artifacts';
    return await this.#check(this.#folders.artifactDir, decodeURIComponent(path), fetched);
  }

  async #check(folder: string | undefined, file: string, fetched: Digest): Promise<string> {
    if (folder === undefined) return 'not compared: the files are not on this host';
    const path = join(folder, file);
    const got = fetched.finish();
    if (got !== (await this.#digestOf(path))) {
      throw new StepError(
        `the ${fetched.bytes} bytes that came are not those of ${relative('.', path)} (SHA-256 ${got})`,
      );
    }
    return `SHA-256 ${got.slice(0, 8)}… as on disk`;
  }

  #digestOf(path: string): Promise<string> {
    const known = this.#digests.get(path);
    if (known !== undefined) return known;
    const digest = digestFile(path);
    this.#digests.set(path, digest);
    return digest;
  }
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw new StepError(`cannot compare: ${messageOf(error)}`);
  }
  return hash.digest('hex');
}
