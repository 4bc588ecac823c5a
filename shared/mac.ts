import { hexOf } from './bytes.ts';

/** A 48-bit MAC in its one canonical form: lower case, colons (`52:54:00:77:00:07`). */
export type Mac = string & { readonly mac: unique symbol };

/** How a MAC is written into a URL; `empty` leaves it out. */
export type MacFormat = 'colon' | 'dot' | 'dash' | 'no-delimiter' | 'empty';

/** Any common spelling: colons, dashes, dots (`5254.0077.0007` or by byte), or none; upper or lower case. */
export function parseMac(text: string): Mac | undefined {
  if (isMac(text)) return text;
  const spelled =
    /^[0-9a-f]{2}(?:([:.-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/i.test(text) ||
    /^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/i.test(text) ||
    /^[0-9a-f]{12}$/i.test(text);
  if (!spelled) return undefined;
  const digits = text.replace(/[:.-]/g, '').toLowerCase();
  return digits.replace(/(..)(?=.)/g, '$1:') as Mac;
}

/** Whether it is in the canonical form already, as all that a store holds is. */
function isMac(text: string): text is Mac {
  if (text.length !== 17) return false;
  for (let at = 0; at < 17; at++) {
    const code = text.charCodeAt(at);
    const isDigit = (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
    if (at % 3 === 2 ? code !== 0x3a : !isDigit) return false;
  }
  return true;
}

/** The MAC in the first 6 bytes from `offset`. */
export function macOf(bytes: Uint8Array, offset = 0): Mac {
  const hex = (at: number) => hexOf(bytes[offset + at] ?? 0);
  return `${hex(0)}:${hex(1)}:${hex(2)}:${hex(3)}:${hex(4)}:${hex(5)}` as Mac;
}

export function macBytes(mac: Mac): Uint8Array {
  return Uint8Array.from(mac.split(':'), (byte) => Number.parseInt(byte, 16));
}

export function formatMac(mac: Mac, format: MacFormat): string {
  switch (format) {
    case 'colon':
      return mac;
    case 'dash':
      return mac.replaceAll(':', '-');
    case 'dot':
      return mac.replaceAll(':', '.');
    case 'no-delimiter':
      return mac.replaceAll(':', '');
    case 'empty':
      return '';
  }
}
