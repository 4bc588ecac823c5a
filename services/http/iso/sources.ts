import type { Log } from '#shared/log.ts';
import { type Magic, Patcher } from '../wire/magic.ts';
import { asUpstreamError } from './failure.ts';
import { mountLimits, type UpstreamLimits, upstreamLimits } from './limits.ts';
import { Source } from './source.ts';
import { Upstream } from './upstream.ts';

/** An ISO with more of them is patched without an index. */
const mostPlaces = 65_536;

interface Known {
  readonly upstream: Upstream;
  source: Promise<Source>;
  /** When it was asked for last. */
  at: number;
}

/**
 * The ISOs that machines have mounted, by URL: one look and one index for all machines. An ISO is looked through once, in the
 * background, from its first byte to its last; the result holds as long as size, ETag and Last-Modified stay the same.
 */
export class Sources implements Disposable {
  readonly #magic: Magic;
  readonly #log: Log;
  readonly #limits: UpstreamLimits;
  readonly #known = new Map<string, Known>();
  readonly #stop = new AbortController();
  /** The search under way, and those that wait for it: one ISO at a time. */
  #searches: Promise<void> = Promise.resolve();

  constructor(magic: Magic, log: Log, limits: UpstreamLimits = upstreamLimits) {
    this.#magic = magic;
    this.#log = log;
    this.#limits = limits;
  }

  /** The ISO as it is now, or was less than a minute ago: a whole rack that mounts at once asks once. @throws {UpstreamError} */
  open(url: URL): Promise<Source> {
    const known = this.#known.get(url.href);
    const now = performance.now();
    if (known !== undefined && now - known.at < mountLimits.fresh) return known.source;
    const upstream = known?.upstream ?? new Upstream(url, this.#limits);
    const source = this.#look(upstream, known?.source);
    const entry = { upstream, source, at: now };
    this.#known.set(url.href, entry);
    source.catch(() => {
      if (this.#known.get(url.href) === entry) this.forget(url);
    });
    return source;
  }

  /** The next to open it looks anew. Reads under way go on. */
  forget(url: URL): void {
    const known = this.#known.get(url.href);
    if (known !== undefined) known.at = Number.NEGATIVE_INFINITY;
  }

  /** Forgets all but these. Reads under way go on, and connections that nobody uses any more close by themselves. */
  keepOnly(urls: ReadonlySet<string>): void {
    const now = performance.now();
    for (const [href, { at }] of this.#known) {
      if (!urls.has(href) && now - at >= mountLimits.fresh) this.#known.delete(href);
    }
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    for (const { upstream } of this.#known.values()) upstream[Symbol.dispose]();
    this.#known.clear();
  }

  async #look(upstream: Upstream, before: Promise<Source> | undefined): Promise<Source> {
    const now = await Source.open(upstream, this.#limits);
    const known = await before?.catch(() => undefined);
    const source = known !== undefined && now.hasVersion && known.isSameAs(now) ? known : now;
    // Only what would be seen to have changed is worth an index; a whole ISO is searched as it passes by anyway.
    if (source.hasVersion && source.ranges && !source.indexing) {
      source.indexing = true;
      this.#searches = this.#searches.then(() => this.#index(source));
    }
    return source;
  }

  async #index(source: Source): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const since = performance.now();
    try {
      const places = await this.#search(source);
      if (places === undefined) return;
      source.places = places;
      const ms = Math.round(performance.now() - since);
      const found = { size: source.size, places: places.length, ms };
      if (places.length > 0) this.#log.info(found, 'looked through an ISO');
      else this.#log.warn(found, 'this ISO has no magic string: it is served as it is');
    } catch (error) {
      source.indexing = false;
      if (this.#stop.signal.aborted) return;
      this.#log.warn({ why: asUpstreamError(error).why }, 'an ISO could not be looked through');
    }
  }

  async #search(source: Source): Promise<readonly number[] | undefined> {
    const places: number[] = [];
    const patcher = new Patcher(this.#magic, this.#magic.bytes, (at) => places.push(at));
    for await (const piece of source.read({ start: 0, end: source.size }, this.#stop.signal)) {
      patcher.push(piece);
      if (places.length > mostPlaces) return undefined;
    }
    return places;
  }
}
