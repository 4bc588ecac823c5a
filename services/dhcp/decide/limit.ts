import type { Request } from '../wire/request.ts';

/** What every host must be able to receive (RFC 791 §3.1), and so the least that option 57 may say (RFC 2132 §9.10). */
const everyHost = 576;

/** IPv4 without options, and UDP. */
const headers = 20 + 8;

/**
 * Bytes of UDP payload that a reply may have. Option 57 counts the whole IP datagram, and some firmware says more than any
 * link carries (EDK2: 65280), so the interface's MTU is a limit too.
 */
export function messageLimit(request: Request, mtu: number): number {
  const accepted = request.maxMessageSize ?? everyHost;
  return Math.max(everyHost, Math.min(accepted, mtu)) - headers;
}
