import type { Reason } from '#shared/boot/reasons.ts';

/** How long nothing may happen before that is the answer, in milliseconds. docs/boots.md gives the same list. */

/** An attempt is over when nothing was heard of it for so long: the slowest firmware initialises within three minutes. */
export const silence = 600_000;

/** A yes or a no of the day before still belongs to the machine's last boot: installers take hours and then phone home. */
export const remembered = 24 * 3_600_000;

/** Clocks of replicas differ: a DISCOVER that seems to come so shortly after its loader came before it. No reset is that quick. */
export const clocksApart = 4000;

/** A client that got our offer repeats its DISCOVER only when it did not like it, or did not get it: EDK2 decides within 4 s. */
export const offerRepeated = 10_000;

/** It may also never shout again: the longest back-off of PXE ROMs is 32 s. */
export const offerOnce = 60_000;

/** Firmware asks for its loader, and iPXE for its script, within a second of the ACK; slow ones look at the link first. */
export const fetch = 20_000;

/** A loader initialises the network card anew, waits for the link (spanning tree: 30 s), and asks DHCP. */
export const loader = 60_000;

/** iPXE asks for the kernel as soon as it has the script, unless that waits for somebody; while it comes, that is told. */
export const kernel = 60_000;

/** A fetch that is under way is told of every thirty seconds at the latest: two of those may be lost. */
export const growing = 90_000;

/** The initrd is the largest file by far. */
export const initrd = 120_000;

/** The firmware that begins anew so long after the last sign of life was not reset: it went on to its next boot entry. */
export const gaveUp = 5000;

/** A system that was heard, and went on for so long, did not fail at once: it was left, or has done its work, and restarted. */
export const ranFor = 60_000;

/** An operating system's lease so shortly before a fetch over TFTP was that of a loader which does not say what it is (U-Boot). */
export const leaseBeforeFetch = 30_000;

/** A no that passes by itself: the client retries, and only when it has not been healed after so long it counts. */
const passing: Readonly<Partial<Record<Reason, number>>> = {
  // A NAK is followed by a DISCOVER, at once or after ten seconds (RFC 2131 §3.1).
  'wrong-address': 15_000,
  'not-synced': 10_000,
  'shutting-down': 10_000,
  'too-many-transfers': 10_000,
  'too-many-connections': 10_000,
  'too-much-unanswered': 10_000,
  'upstream-timeout': 10_000,
  // Clients end a transfer to ask again with other options.
  aborted: 10_000,
  // Somebody else may give the address, and we the loader.
  'other-server': fetch,
};

export const patienceWith = (why: Reason): number => passing[why] ?? 0;
