import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { messageOf } from './errors.ts';

/** Shorter than this, a token can be guessed by trying. */
const minToken = 16;

/**
 * The token in a file, one line of printable ASCII; undefined when no file is named, or when something is wrong with it,
 * which is then added to `problems`, and never holds the token.
 * @param variable the setting that names the file, for the problems
 */
export function readTokenFile(
  variable: string,
  path: string | undefined,
  problems: string[],
): string | undefined {
  if (path === undefined) return undefined;
  try {
    const token = readFileSync(path, 'utf8').trim();
    // A group may read it: that is how containers are given their secrets.
    if ((statSync(path).mode & 0o027) !== 0)
      problems.push(`${variable}: ${path} must not be open to everybody: chmod 600 (or 640) it`);
    if (!/^[\x21-\x7e]*$/.test(token))
      problems.push(`${variable}: ${path} must hold one line of printable ASCII`);
    else if (token.length < minToken)
      problems.push(`${variable}: ${path} must hold a token of at least ${minToken} characters`);
    return token;
  } catch (error) {
    problems.push(`${variable}: cannot read it: ${messageOf(error)}`);
    return undefined;
  }
}

/** Whether what a caller shows as `authorization` is the bearer of this token. Takes the same time for every wrong one. */
export function bearerCheck(token: string): (shown: string | Buffer) => boolean {
  const expected = digest(`Bearer ${token}`);
  return (shown) => timingSafeEqual(digest(shown), expected);
}

// Digests have one length: comparing them tells neither how long the token is nor how much of it is right.
function digest(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}
