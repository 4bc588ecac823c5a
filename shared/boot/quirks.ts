/**
 * What firmware can need that is not in the standards, by name. services/dhcp/decide/quirks.ts says who has which by itself and
 * what follows; a record may say it of its machine in the label below.
 */
export const quirkNames = [
  'raspberry-pi',
  'x64-as-ebc',
  'no-discovery-control',
  'boot-file-on-4011',
] as const;

export type QuirkName = (typeof quirkNames)[number];

/** A record's own word, in place of what its firmware looks like: names joined by `.` (a label has no comma), or `none`. */
export const quirksLabel = 'smee/quirks';

/** The names that are none are given back apart. */
export function parseQuirks(text: string): {
  readonly quirks: readonly QuirkName[];
  readonly unknown: readonly string[];
} {
  const words = text.split(/[.,\s]+/).filter((word) => word !== '' && word !== 'none');
  const quirks = quirkNames.filter((name) => words.includes(name));
  return { quirks, unknown: words.filter((word) => !quirkNames.some((name) => name === word)) };
}
