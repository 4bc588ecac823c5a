const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Bytes as mode netascii sends them (RFC 1350 §1, RFC 764): a line ends with CR LF, and a CR by itself is CR NUL. A client
 * that translates back has exactly the original.
 */
export function toNetascii(bytes: Uint8Array): Uint8Array {
  let extra = 0;
  for (const byte of bytes) if (byte === lineFeed || byte === carriageReturn) extra++;
  const text = new Uint8Array(bytes.length + extra);
  let at = 0;
  for (const byte of bytes) {
    if (byte === lineFeed) text[at++] = carriageReturn;
    text[at++] = byte;
    if (byte === carriageReturn) text[at++] = 0;
  }
  return text;
}
