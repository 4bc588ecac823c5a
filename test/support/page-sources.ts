import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const page = fileURLToPath(new URL('../../services/dashboard/page/', import.meta.url));
const rack = fileURLToPath(new URL('rack-of-boots.ts', import.meta.url));

/** Beside the pictures: the digest of what they were drawn from. */
export const sourcesOfPictures = fileURLToPath(new URL('../../docs/images/sources.txt', import.meta.url));

/** A digest of all that decides how the pictures of docs/dashboard.md look: the page, and the rack that it shows. */
export function pageSources(): string {
  const hash = createHash('sha256');
  const names = readdirSync(page, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.\w+$/.test(name),
  );
  for (const name of names.toSorted()) hash.update(`${name}\n`).update(readFileSync(page + name));
  return hash.update(readFileSync(rack)).digest('hex');
}
