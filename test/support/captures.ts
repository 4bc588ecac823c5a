import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fromHex } from '#shared/bytes.ts';

const folder = new URL('../fixtures/captures/', import.meta.url);

export interface Capture {
  readonly name: string;
  /** The UDP payload. */
  readonly bytes: Uint8Array;
}

/** Real requests of real firmware, each with its print-out beside it; test/fixtures/captures/README.md says whose. */
export const captures: readonly Capture[] = readdirSync(folder)
  .filter((file) => file.endsWith('.hex'))
  .sort()
  .map((file) => ({
    name: basename(file, '.hex'),
    bytes: fromHex(readFileSync(new URL(file, folder), 'utf8'))!,
  }));

export function capture(name: string): Uint8Array {
  const found = captures.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no capture ${name}`);
  return found.bytes;
}
