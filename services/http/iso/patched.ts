import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { type Magic, overlay, Patcher } from '../wire/magic.ts';
import { Cut, type Range, widen } from '../wire/range.ts';
import { asUpstreamError } from './failure.ts';
import type { Source } from './source.ts';

/**
 * A range of the ISO as the machine sees it: byte for byte that part of the whole, patched. As long as nobody has looked through
 * the whole, the range is fetched with as much around it as a magic string that reaches into it may need.
 */
async function* patchedPieces(
  source: Source,
  range: Range,
  magic: Magic,
  patch: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const { places } = source;
  if (places !== undefined) {
    let at = range.start;
    for await (const piece of source.read(range, signal)) {
      yield overlay(piece, at, places, patch);
      at += piece.length;
    }
    return;
  }
  const wide = widen(range, magic.length - 1, source.size);
  const cut = new Cut(wide, range);
  const patcher = new Patcher(magic, patch);
  for await (const piece of source.read(wide, signal)) yield cut.take(patcher.push(piece));
  yield cut.take(patcher.end());
}

/** The body of an answer: takes a piece from the upstream when the machine wants one, and none before. */
class PatchedBody extends Readable {
  bytesRead = 0;
  #first: Uint8Array | undefined;
  readonly #rest: AsyncGenerator<Uint8Array, void>;
  readonly #abort: AbortController;

  constructor(first: Uint8Array | undefined, rest: AsyncGenerator<Uint8Array, void>, abort: AbortController) {
    super({ highWaterMark: 65_536 });
    this.#first = first;
    this.#rest = rest;
    this.#abort = abort;
  }

  override _read(): void {
    this.#next().then(
      (piece) => {
        this.bytesRead += piece?.length ?? 0;
        this.push(piece ?? null);
      },
      (error: unknown) => this.destroy(asUpstreamError(error)),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#abort.abort();
    done(error);
  }

  /** Never an empty piece: it would read as if nothing had come. */
  async #next(): Promise<Uint8Array | undefined> {
    const first = this.#first;
    this.#first = undefined;
    return first ?? (await nextPiece(this.#rest));
  }
}

async function nextPiece(pieces: AsyncGenerator<Uint8Array, void>): Promise<Uint8Array | undefined> {
  for (;;) {
    const { value, done } = await pieces.next();
    if (done === true) return undefined;
    if (value.length > 0) return value;
  }
}

/**
 * Resolves when the first piece is there, so that what the upstream refuses can still become a status.
 * @param machine the connection of who asks: nothing is fetched for a machine that has gone
 * @throws {UpstreamError}
 */
export async function openPatched(
  source: Source,
  range: Range,
  magic: Magic,
  patch: Uint8Array,
  machine: Socket,
): Promise<Readable> {
  const abort = new AbortController();
  const gone = () => abort.abort();
  if (machine.destroyed) gone();
  machine.once('close', gone);
  try {
    const pieces = patchedPieces(source, range, magic, patch, abort.signal);
    return new PatchedBody(await nextPiece(pieces), pieces, abort);
  } finally {
    machine.off('close', gone);
  }
}
