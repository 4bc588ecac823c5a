import type { Reason } from '#shared/boot/reasons.ts';

/** What ends a boot that we answer well: it lies on the way to the machine, in the machine, or in the bytes that it got. */
export const beyondAnswers: ReadonlySet<string> = new Set<Reason>([
  'offer-unanswered',
  'relay-unreachable',
  'other-server',
  'decline',
  'loader-not-fetched',
  'loader-silent',
  'script-not-fetched',
  'kernel-not-fetched',
  'initrd-not-fetched',
  'boot-began-anew',
  'fetch-stopped',
  'timed-out',
  'aborted',
  'tls-failed',
  'file-truncated',
]);
