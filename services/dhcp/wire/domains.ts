import { concat, readU16, toBytes, toText } from '#shared/bytes.ts';
import { malformed, type Place } from './place.ts';

/** RFC 1035 §2.3.4: octets of one label, and of a whole name with its lengths and the root. */
const maxLabel = 63;
const maxName = 255;

/** The two high bits of a length that is a pointer (RFC 1035 §4.1.4). */
const pointer = 0xc0;

/** The domain search list (RFC 3397): names of RFC 1035 §3.1, one behind the other, with compression. */
export function decodeDomains(bytes: Uint8Array, place: Place): string[] {
  const names: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const { name, next } = decodeName(bytes, at, place);
    names.push(name);
    at = next;
  }
  return names;
}

/**
 * One name. A pointer must lead to before the part that it stands in, as all real ones do: so every jump goes further back
 * and there can be no loop.
 */
function decodeName(bytes: Uint8Array, start: number, place: Place): { name: string; next: number } {
  const labels: string[] = [];
  let at = start;
  let partStart = start;
  let next: number | undefined;
  let size = 1;
  for (;;) {
    const length = bytes[at];
    if (length === undefined) throw malformed(place, 'a name is cut off');
    if (length === 0) return { name: labels.join('.'), next: next ?? at + 1 };
    if (length >= pointer) {
      if (at + 1 >= bytes.length) throw malformed(place, 'a compression pointer is cut off');
      const target = readU16(bytes, at) & 0x3fff;
      if (target >= partStart) throw malformed(place, 'a compression pointer does not lead back');
      next ??= at + 2;
      at = target;
      partStart = target;
      continue;
    }
    if (length > maxLabel) throw malformed(place, 'a label is longer than 63 bytes');
    size += 1 + length;
    if (size > maxName) throw malformed(place, 'a name is longer than 255 bytes');
    if (at + 1 + length > bytes.length) throw malformed(place, 'a label is cut off');
    labels.push(toText(bytes.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
}

/** Without compression, which some clients do not read. Names that no packet can hold are left out. */
export function encodeDomains(names: readonly string[]): Uint8Array {
  return concat(names.filter(isDomainName).map(encodeName));
}

function encodeName(name: string): Uint8Array {
  const labels = withoutRoot(name).split('.').map(toBytes);
  return concat([...labels.map((label) => concat([Uint8Array.of(label.length), label])), Uint8Array.of(0)]);
}

/** Labels of 1 to 63 bytes, 255 in all; a trailing dot is allowed. */
function isDomainName(name: string): boolean {
  const labels = withoutRoot(name).split('.').map(toBytes);
  const size = labels.reduce((sum, label) => sum + 1 + label.length, 1);
  return size <= maxName && labels.every((label) => label.length > 0 && label.length <= maxLabel);
}

function withoutRoot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}
