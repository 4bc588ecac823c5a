import type { IncomingMessage } from 'node:http';
import { parseContentRange, type Range } from '../wire/range.ts';
import { UpstreamError } from './failure.ts';
import type { UpstreamLimits } from './limits.ts';
import { piecesOf } from './pieces.ts';
import type { Upstream } from './upstream.ts';

/** Its validators, as the upstream wrote them. */
interface Version {
  readonly etag: string | undefined;
  readonly modified: string | undefined;
}

/** One ISO as its upstream had it when it was opened. Every read checks that it is still that one. */
export class Source {
  readonly size: number;
  /** Whether the upstream serves ranges. */
  readonly ranges: boolean;
  readonly version: Version;
  /** Where the magic string stands, once the whole has been looked through. */
  places: readonly number[] | undefined;
  /** Somebody looks through it, is about to, or has. */
  indexing = false;
  readonly #upstream: Upstream;
  readonly #limits: UpstreamLimits;

  private constructor(upstream: Upstream, limits: UpstreamLimits, found: Found) {
    this.#upstream = upstream;
    this.#limits = limits;
    this.size = found.size;
    this.ranges = found.ranges;
    this.version = found.version;
  }

  /** Asks for the first byte: that tells the size, the validators and whether ranges are served, also where HEAD is refused. */
  static async open(upstream: Upstream, limits: UpstreamLimits): Promise<Source> {
    const answer = await upstream.get({ start: 0, end: 1 });
    const found = foundIn(answer);
    if (found === undefined || found.size > limits.size) {
      answer.destroy();
      throw new UpstreamError('upstream-error', found === undefined ? 'it tells no size' : 'too large');
    }
    if (found.ranges) for await (const _ of piecesOf(answer, 1, limits));
    else answer.destroy();
    return new Source(upstream, limits, found);
  }

  /** Whether something that changes would be seen to have changed. */
  get hasVersion(): boolean {
    return this.version.etag !== undefined || this.version.modified !== undefined;
  }

  isSameAs({ size, ranges, version }: Source | Found): boolean {
    return (
      size === this.size &&
      ranges === this.ranges &&
      version.etag === this.version.etag &&
      version.modified === this.version.modified
    );
  }

  /**
   * Its bytes, as they come.
   * @throws {UpstreamError} before the first piece, or instead of a later one
   */
  async *read({ start, end }: Range, signal?: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const whole = start === 0 && end === this.size;
    const answer = await this.#upstream.get(whole ? undefined : { start, end }, signal);
    const found = foundIn(answer);
    const problem = this.#problemOf(answer, found, whole ? undefined : { start, end });
    if (problem !== undefined) {
      answer.destroy();
      throw problem;
    }
    yield* piecesOf(answer, end - start, this.#limits);
  }

  #problemOf(answer: IncomingMessage, found: Found | undefined, range: Range | undefined) {
    if (range === undefined && answer.statusCode === 200) {
      // Asked for no range, it cannot say whether it has them.
      if (found !== undefined && this.isSameAs({ ...found, ranges: this.ranges })) return undefined;
      return new UpstreamError('upstream-changed', 'another file than before');
    }
    if (found === undefined || !this.isSameAs(found)) {
      return new UpstreamError('upstream-changed', 'another file than before');
    }
    const { start, end } = parseContentRange(answer.headers['content-range'] ?? '') ?? {};
    if (start === range?.start && end === range?.end) return undefined;
    return new UpstreamError('upstream-error', 'another range than was asked for');
  }
}

interface Found {
  readonly size: number;
  readonly ranges: boolean;
  readonly version: Version;
}

/** What the headers of a 200 or 206 tell; undefined when they do not tell the size. */
function foundIn({ statusCode, headers }: IncomingMessage): Found | undefined {
  const version = { etag: headers.etag, modified: headers['last-modified'] };
  if (statusCode === 206) {
    const range = parseContentRange(headers['content-range'] ?? '');
    return range === undefined ? undefined : { size: range.size, ranges: true, version };
  }
  const length = headers['content-length'];
  if (statusCode !== 200 || length === undefined) return undefined;
  return { size: Number(length), ranges: false, version };
}
