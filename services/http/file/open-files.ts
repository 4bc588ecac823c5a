import { type OpenedFile, openBelow, type Refused, versionAt } from '#shared/assets/open.ts';
import { Looks } from './looks.ts';

/** Milliseconds for which a file is kept open, for those who ask for it next. */
const keptFor = 1000;

/** Files that are kept open at a time; what comes beyond them is opened for each who asks. */
const mostKept = 64;

/** An open file that others may read, too. */
export interface Lease {
  readonly file: OpenedFile;
  /** To be called once: the file is closed when nobody needs it. */
  release(): void;
}

/**
 * Files that are opened once for all who ask for them within a second. Who asks gets what is there when he asks, and nothing
 * older: each time the file is looked at, and opened anew when it is not the very same and unchanged. That it may be served at all,
 * which takes ten calls to find out (`openBelow`), is believed for a second; that it is still the same takes one.
 */
export class OpenFiles implements Disposable {
  readonly #kept = new Map<string, Shared>();
  readonly #looks = new Looks<Shared | Refused>();

  /** The file at a path below a folder. The caller releases it. */
  async take(folder: string, path: string): Promise<Lease | Refused> {
    const key = `${folder}\0${path}`;
    const found = await this.#looks.ask(key, () => this.#look(key, folder, path));
    return 'why' in found ? found : found.lease();
  }

  [Symbol.dispose](): void {
    for (const [key, shared] of this.#kept) this.#forget(key, shared);
  }

  async #look(key: string, folder: string, path: string): Promise<Shared | Refused> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      if ((await versionAt(folder, path)) === kept.file.version && kept.isOpen) return kept;
      this.#forget(key, kept);
    }
    const file = await openBelow(folder, path);
    if ('why' in file) return file;
    const shared = new Shared(file);
    if (this.#kept.size < mostKept) this.#keep(key, shared);
    return shared;
  }

  #keep(key: string, shared: Shared): void {
    this.#kept.set(key, shared);
    shared.hold();
    setTimeout(() => this.#forget(key, shared), keptFor).unref();
  }

  #forget(key: string, shared: Shared): void {
    if (this.#kept.get(key) !== shared) return;
    this.#kept.delete(key);
    shared.release();
  }
}

/** An open file and how many need it. */
class Shared {
  readonly file: OpenedFile;
  #needed = 0;
  #isOpen = true;

  constructor(file: OpenedFile) {
    this.file = file;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  hold(): void {
    this.#needed++;
  }

  readonly release = (): void => {
    this.#needed--;
    if (this.#needed > 0) return;
    this.#isOpen = false;
    // Nobody could do anything about it.
    void this.file.handle.close().catch(() => {});
  };

  lease(): Lease {
    this.hold();
    return { file: this.file, release: this.release };
  }
}
