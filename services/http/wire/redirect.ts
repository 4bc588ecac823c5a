import type { Reason } from '#shared/boot/reasons.ts';

/**
 * Where a redirect leads (RFC 9110 §10.2.2), without credentials: those it names are not ours to send. Http and https only, and
 * never from https to http: what comes then, anybody on the way could have written.
 */
export function nextHop(
  from: URL,
  location: string | undefined,
): URL | { readonly why: Reason; readonly detail: string } {
  if (location === undefined || !URL.canParse(location, from.href)) {
    return { why: 'upstream-error', detail: 'a redirect to no URL' };
  }
  const to = new URL(location, from.href);
  if (to.protocol !== 'http:' && to.protocol !== 'https:') {
    return { why: 'redirect-refused', detail: 'neither http nor https' };
  }
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    return { why: 'redirect-refused', detail: 'from https to http' };
  }
  to.username = '';
  to.password = '';
  return to;
}
