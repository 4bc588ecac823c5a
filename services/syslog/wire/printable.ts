import { hidden, isSecret, withoutSecrets } from './secrets.ts';

/**
 * What a stranger's text may do to a terminal or a log: control characters (C0, DEL, C1: line breaks, ANSI), line and paragraph
 * separators, characters that turn the direction of text around, and halves of surrogate pairs.
 */
const unsafe = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Cs}]/gu;

/**
 * Text as it may be logged: secrets hidden, such characters as `\x1b` or `\u202e` (a tab stays), cut after `limit` characters with a
 * note of how many more came.
 */
export function printable(sent: string, limit: number): string {
  const text = withoutSecrets(sent);
  const cut = text.length > limit ? `${text.slice(0, limit)}… (${text.length - limit} more)` : text;
  return cut.replace(unsafe, escaped);
}

function escaped(character: string): string {
  if (character === '\t') return character;
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** The same for every string of a parsed JSON value. What lies deeper than `depth` is left out as `…`. */
export function printableJson(value: unknown, limit: number, depth = 8): unknown {
  if (typeof value === 'string') return printable(value, limit);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.map((one) => printableJson(one, limit, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      printable(key, limit),
      isSecret(key) ? hidden : printableJson(one, limit, depth - 1),
    ]),
  );
}
