/**
 * Whether a request may be answered that was made to this host. A page of somebody else's whose name suddenly leads to this
 * service (DNS rebinding) still says its own name here: it is the browser that writes Host.
 * @param header as it came: `localhost:8090`, `[::1]:8090`, `192.168.77.1`
 * @param own addresses of this host, and names that were set, in lower case; IPv6 in brackets
 */
export function isOwnHost(header: string | undefined, own: Pick<ReadonlySet<string>, 'has'>): boolean {
  const [, host = ''] = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/.exec(header?.toLowerCase() ?? '') ?? [];
  return (
    host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) || own.has(host)
  );
}
