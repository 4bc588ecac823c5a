/** How the bytes are sent (RFC 1350 §1): as they are, or as text. Mode `mail` only ever wrote, and is obsolete. */
export type Mode = 'octet' | 'netascii';

/** Modes in any case; undefined for every other. */
export function parseMode(text: string): Mode | undefined {
  const mode = text.toLowerCase();
  return mode === 'octet' || mode === 'netascii' ? mode : undefined;
}
