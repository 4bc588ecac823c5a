import type { Reason } from '#shared/boot/reasons.ts';
import type { Request } from '../wire/request.ts';
import type { Answer } from './reply.ts';

/** What a machine that may boot asked for, and got: an address, and nothing of ours to boot, as it or its record wants it. */
const wanted: readonly Reason[] = ['ok', 'not-a-netboot-client', 'explicit-boot-file', 'reply-too-big'];

/** Silence where nobody asked us for anything. */
const unasked: readonly Reason[] = [
  'release',
  'not-a-request',
  'unhandled-message-type',
  'not-a-netboot-client',
  'not-for-a-proxy',
];

/** Whether a machine got what it asked for. An address with nothing to boot is a no to whoever wants to boot. */
export function outcomeOf({ said }: Pick<Answer, 'said'>, why: Reason): 'yes' | 'no' | 'heard' {
  if (said === 'silent') return unasked.includes(why) ? 'heard' : 'no';
  return said !== 'NAK' && wanted.includes(why) ? 'yes' : 'no';
}

/** Who speaks, in words: a machine's firmware, iPXE, or something else, such as its operating system. */
export function clientName({ vendorClass = '', userClasses, ipxe }: Request): string {
  if (ipxe !== undefined || userClasses.includes('iPXE') || userClasses.includes('Tinkerbell')) return 'iPXE';
  if (vendorClass.startsWith('PXEClient')) return 'PXE firmware';
  return vendorClass.startsWith('HTTPClient') ? 'HTTP Boot firmware' : 'other';
}
