import { createReadStream, open, read } from 'node:fs';
import type { Readable } from 'node:stream';
import type { FilePart } from './part.ts';

/** A part as a stream, for those who take nothing else. Where it would close its file, it releases it: others read that, too. */
export function streamOf({ handle, range, release }: FilePart): Readable {
  const close = (_fd: number, done: (error: null) => void) => {
    release();
    done(null);
  };
  return createReadStream('', {
    fd: handle.fd,
    start: range.start,
    end: range.end - 1,
    fs: { open, read, close },
  });
}
