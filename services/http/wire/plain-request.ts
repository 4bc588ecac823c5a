/** Fields that no decision looks at, in lower case. */
const harmless: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'pragma',
  'user-agent',
]);

/**
 * The Host of a request that says nothing about itself but that, as boot clients do: empty without one. Undefined for any
 * other: with two of them, a body, a trace, a proxy's fields, or whatever else there is.
 *
 * @param fields names and values in turn, as they were sent
 */
export function plainHost(fields: readonly string[]): string | undefined {
  let host: string | undefined;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at]?.toLowerCase() ?? '';
    if (name === 'host') {
      if (host !== undefined) return undefined;
      host = fields[at + 1];
    } else if (!harmless.has(name)) return undefined;
  }
  return host ?? '';
}
