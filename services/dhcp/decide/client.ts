import type { Reason } from '#shared/boot/reasons.ts';
import type { Request } from '../wire/request.ts';

/** A client that wants to boot from the network. */
export interface NetbootClient {
  readonly kind: 'PXEClient' | 'HTTPClient';
  readonly architectures: readonly number[];
}

/** Which test a client failed. */
export interface NotNetboot {
  readonly why: Reason;
}

/** A type byte of 0 (GUID) and 16 bytes (RFC 4578 §2.3). */
const uuidLength = 17;

/**
 * Smee's test for a netboot client, in its order. Option 94 is not asked for, as some ROMs leave it out (RFC 4578 §2.2 wants
 * it).
 */
export function netbootClient(request: Request): NetbootClient | NotNetboot {
  const { type, vendorClass = '', architectures, uuid } = request;
  if (type !== 'DISCOVER' && type !== 'REQUEST') return { why: 'not-a-netboot-client' };
  const kind = kindOf(vendorClass);
  if (kind === undefined) return { why: 'not-a-netboot-client' };
  if (architectures === undefined) return { why: 'no-architecture' };
  if (uuid !== undefined && (uuid.length !== uuidLength || uuid[0] !== 0)) return { why: 'bad-client-uuid' };
  return { kind, architectures };
}

function kindOf(vendorClass: string): NetbootClient['kind'] | undefined {
  if (vendorClass.startsWith('PXEClient')) return 'PXEClient';
  return vendorClass.startsWith('HTTPClient') ? 'HTTPClient' : undefined;
}
