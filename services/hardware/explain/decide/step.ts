import type { Reason } from '#shared/boot/reasons.ts';

export type Stage = 'dhcp' | 'tftp' | 'http' | 'iso';

/** One thing that a machine would ask, and what it would be answered. */
export interface Step {
  readonly stage: Stage;
  /** By whose settings. */
  readonly service: 'dhcp' | 'tftp' | 'http' | 'hardware';
  /** "DISCOVER of PXE firmware, x64 UEFI". */
  readonly asks: string;
  readonly outcome: 'yes' | 'no';
  /** OFFER, ACK, NAK, silent, DATA, ERROR, loader, script, artifact, iso. */
  readonly said: string;
  readonly why: Reason;
  /** As in events: file, ip, detail, server. Never a script's content, a kernel argument, or a URL's credentials or query. */
  readonly details: Readonly<Record<string, string>>;
}

/** What a dry run cannot know, as a sentence. */
interface Unknown {
  readonly unknown: string;
}

/** What a dry run tells, in its order. */
export type Told = Step | Unknown;

/** Of details, those that there are. */
export function detailsOf(parts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parts).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
