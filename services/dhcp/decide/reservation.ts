import type { Reason } from '#shared/boot/reasons.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { Request } from '../wire/request.ts';

/** What RFC 2131 has a server say to a client whose address is reserved. */
export type Turn =
  | { readonly say: 'OFFER' | 'ACK' | 'INFORM-ACK' | 'NAK'; readonly why: Reason }
  | { readonly say: 'silent'; readonly why: Reason };

const silent = (why: Reason): Turn => ({ say: 'silent', why });

/**
 * RFC 2131 §4.3, for one reserved address:
 *
 * | message | option 54 | option 50 | ciaddr | state (§4.3.6, table 4) | answer |
 * |---|---|---|---|---|---|
 * | DISCOVER | | | | INIT | OFFER |
 * | REQUEST | ours | address | 0 | SELECTING | ACK, or NAK when it is not the reserved one |
 * | REQUEST | another's | | | SELECTING, elsewhere | silence |
 * | REQUEST | – | address | 0 | INIT-REBOOT | ACK or NAK |
 * | REQUEST | – | – | address | RENEWING, REBINDING | ACK or NAK |
 * | INFORM | | | its own | has an address | ACK without address and lease |
 * | DECLINE, RELEASE | | | | | silence: the reservation stays |
 *
 * @param reserved the address in the record; undefined when it has none
 */
export function turn(request: Request, reserved: Ip4 | undefined, isOurs: (address: Ip4) => boolean): Turn {
  const { type, serverId } = request;
  if (type !== 'DISCOVER' && serverId !== undefined && !isOurs(serverId)) return silent('other-server');
  switch (type) {
    case 'DISCOVER':
      return reserved === undefined ? silent('no-address') : { say: 'OFFER', why: 'ok' };
    case 'REQUEST':
      return reserved === undefined ? silent('no-address') : requested(request, reserved);
    case 'INFORM':
      return { say: 'INFORM-ACK', why: 'ok' };
    case 'DECLINE':
      return silent('decline');
    case 'RELEASE':
      return silent('release');
    default:
      return silent('unhandled-message-type');
  }
}

/** §4.3.2. What the client wants to have stands in option 50, or, once it has an address, in ciaddr. */
function requested(request: Request, reserved: Ip4): Turn {
  const wanted = request.requestedAddress ?? request.packet.ciaddr;
  if (wanted === 0) return silent('no-requested-address');
  return wanted === reserved ? { say: 'ACK', why: 'ok' } : { say: 'NAK', why: 'wrong-address' };
}
