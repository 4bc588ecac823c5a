import type { Reason } from '#shared/boot/reasons.ts';
import { bootReply, type OptionValues } from '../wire/codes.ts';
import type { Header } from '../wire/packet.ts';
import type { Request } from '../wire/request.ts';
import type { Destination } from './destination.ts';

/** Not answering is an answer with a reason. */
export type Answer = Silence | Reply;

interface Silence {
  readonly said: 'silent';
  readonly why: Reason;
}

export interface Reply {
  readonly said: 'OFFER' | 'ACK' | 'NAK';
  /** `ok`, or why the machine gets its address but nothing to boot, or no address. */
  readonly why: Reason;
  /** The file or architecture that `why` speaks of. */
  readonly detail: string | undefined;
  readonly header: Header;
  /** Among them, on every reply: who we are, and what the client (RFC 6842) and the relay (RFC 3046 §2.2) want to see again. */
  readonly options: OptionValues;
  /** The boot file or URL, wherever in the packet it stands. */
  readonly file: string | undefined;
  readonly to: Destination;
}

export const silent = (why: Reason): Silence => ({ said: 'silent', why });

/** Who asked, and no address at all. */
export function replyHeader({ packet }: Request): Header {
  const { htype, xid, flags, giaddr, chaddr } = packet;
  return {
    op: bootReply,
    htype,
    hops: 0,
    xid,
    secs: 0,
    flags,
    ciaddr: 0,
    yiaddr: 0,
    siaddr: 0,
    giaddr,
    chaddr,
    sname: '',
    file: '',
  };
}
