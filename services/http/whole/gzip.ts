import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Reacher } from './check.ts';

/** Its end is where the data say so: nothing helps but to unpack it, in another thread, and to throw the bytes away. */
export const gzip: Reacher = async (file, start) => {
  const { handle, size, signal } = file;
  const bytes = handle.createReadStream({ start, end: size - 1, autoClose: false });
  const nowhere = new Writable({ write: (_bytes, _encoding, done) => done() });
  try {
    await pipeline(bytes, createGunzip({ chunkSize: 65_536 }), nowhere, { signal });
    return 'unknown';
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR' ? 'cut' : 'unknown';
  }
};
