/**
 * What a stranger's text may do to a terminal, a log or a page: control characters (C0, DEL, C1: line breaks, ANSI), line and
 * paragraph separators, characters that turn the direction of text around, and halves of surrogate pairs.
 */
const unsafe = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Cs}]/gu;

/** What most texts are made of, and is quick to see. */
const plain = /^[\x20-\x7e]*$/;

/** Such characters as `\x1b` or `\u202e`; a tab stays. */
export function escapeUnsafe(text: string): string {
  return plain.test(text) ? text : text.replace(unsafe, escaped);
}

function escaped(character: string): string {
  if (character === '\t') return character;
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
