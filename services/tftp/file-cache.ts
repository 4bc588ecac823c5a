import type { OpenedFile, Refused } from '#shared/assets/open.ts';
import { hasChanged, memorySource, type Source } from './source.ts';

/** Bytes of all files together that are held, and of one: loaders, kernels and initrds, not images of disks. */
const mostBytes = 128 * 1024 * 1024;
const largestFile = 64 * 1024 * 1024;

interface Entry {
  readonly size: number;
  readonly bytes: Promise<Uint8Array | Refused>;
  /** Transfers that send it now: it cannot be forgotten. */
  users: number;
}

/**
 * Files in memory, each version once, whoever asks for it: a rack that boots at once wants the same few. A transfer sends the
 * version that it began with to its end, also when the file is replaced meanwhile.
 */
export class FileCache {
  readonly #limit: number;
  /** By version; the one that was asked for last comes last. */
  readonly #entries = new Map<string, Entry>();
  #held = 0;

  constructor(limit = mostBytes) {
    this.#limit = limit;
  }

  /**
   * The file from memory; undefined when it is too large, or when there is no room because all that is held is being sent. It
   * is read, and closed, only when there is a source or a refusal.
   */
  async take(file: OpenedFile): Promise<Source | Refused | undefined> {
    const entry = this.#entries.get(file.version) ?? this.#open(file);
    if (entry === undefined) return undefined;
    // Now it is the youngest.
    this.#entries.delete(file.version);
    this.#entries.set(file.version, entry);
    entry.users++;
    const bytes = await entry.bytes;
    await file.handle.close().catch(() => {});
    if ('why' in bytes) {
      entry.users--;
      this.#forget(file.version, entry);
      return bytes;
    }
    return {
      ...memorySource(bytes),
      close: () => {
        entry.users--;
        return Promise.resolve();
      },
    };
  }

  #open(file: OpenedFile): Entry | undefined {
    if (file.size > Math.min(largestFile, this.#limit) || !this.#makeRoom(file.size)) return undefined;
    this.#held += file.size;
    return { size: file.size, bytes: readWhole(file), users: 0 };
  }

  #makeRoom(size: number): boolean {
    for (const [version, entry] of this.#entries) {
      if (this.#held + size <= this.#limit) break;
      if (entry.users === 0) this.#forget(version, entry);
    }
    return this.#held + size <= this.#limit;
  }

  #forget(version: string, entry: Entry): void {
    if (this.#entries.get(version) !== entry) return;
    this.#entries.delete(version);
    this.#held -= entry.size;
  }
}

async function readWhole(file: OpenedFile): Promise<Uint8Array | Refused> {
  const { handle, size } = file;
  try {
    const bytes = Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await handle.read(bytes, at, size - at, at);
      if (bytesRead === 0) return { why: 'file-changed' };
      at += bytesRead;
    }
    return (await hasChanged(file)) ? { why: 'file-changed' } : bytes;
  } catch {
    return { why: 'file-unreadable' };
  }
}
