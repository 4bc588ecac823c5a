import { escapeUnsafe } from '#shared/printable.ts';
import { hidden, isSecret, withoutSecrets } from './secrets.ts';

/**
 * Text as it may be logged: secrets hidden, such characters as `\x1b` or `\u202e` (a tab stays), cut after `limit` characters with a
 * note of how many more came.
 */
export function printable(sent: string, limit: number): string {
  const text = withoutSecrets(sent);
  const cut = text.length > limit ? `${text.slice(0, limit)}… (${text.length - limit} more)` : text;
  return escapeUnsafe(cut);
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
