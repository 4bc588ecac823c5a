import type { Hardware__Output as Hardware } from '#shared/generated/smee/hardware/v1/Hardware.ts';

/** What stands where a value was. */
const hiddenValue = '(hidden)';

export interface Redacted {
  readonly record: Hardware;
  /** The fields whose values were taken out: `interfaces[0].netboot.ipxe.contents`. */
  readonly hidden: readonly string[];
}

/** `file`: a name, or a URL; a server may want a signature behind either. */
type Rule = 'show' | 'url' | 'file' | 'hide' | { readonly [field: string]: Rule };

/** What is not named here is hidden: scripts, kernel arguments, and all that we keep without knowing what it is. */
const rules: Rule = {
  name: 'show',
  namespace: 'show',
  labels: 'show',
  revision: 'show',
  agentId: 'show',
  // Of the elements of a list, each.
  interfaces: {
    disableDhcp: 'show',
    dhcp: {
      mac: 'show',
      hostname: 'show',
      domainName: 'show',
      leaseTime: 'show',
      nameServers: 'show',
      timeServers: 'show',
      arch: 'show',
      uefi: 'show',
      ifaceName: 'show',
      ip: 'show',
      vlanId: 'show',
      classlessStaticRoutes: 'show',
      tftpServerName: 'show',
      bootFileName: 'file',
    },
    netboot: {
      allowPxe: 'show',
      allowWorkflow: 'show',
      ipxe: { url: 'url', binary: 'show' },
      osie: { baseUrl: 'url', kernel: 'file', initrd: 'file' },
      rpi: { serialNum: 'show', firmwarePath: 'show' },
    },
    isoboot: { sourceIso: 'url' },
  },
};

/** A record without what may be secret: registry passwords on kernel lines, scripts, tokens in URLs, user data. */
export function redact(record: Hardware): Redacted {
  const hidden: string[] = [];
  return { record: withRule(record, rules, '', hidden), hidden };
}

function withRule<T>(value: T, rule: Rule, path: string, hidden: string[]): T {
  // The shape stays, so the type does: only texts change, and optional fields go.
  return apply(value, rule, path, hidden) as T;
}

function apply(value: unknown, rule: Rule, path: string, hidden: string[]): unknown {
  if (rule === 'show' || isNothing(value)) return value;
  if (typeof rule === 'object' && Array.isArray(value))
    return value.map((element, at) => apply(element, rule, `${path}[${at}]`, hidden));
  if (typeof rule === 'object' && isMessage(value)) {
    const kept = Object.entries(value).map(([field, inner]) => {
      // The loader's own word on which optional fields are there: `_allowPxe`.
      const known = field.startsWith('_') ? 'show' : (rule[field] ?? 'hide');
      return [field, apply(inner, known, path === '' ? field : `${path}.${field}`, hidden)];
    });
    return Object.fromEntries(kept.filter(([, inner]) => inner !== undefined));
  }
  const bare = typeof value === 'string' ? bareText(value, rule) : hiddenValue;
  if (bare === value) return value;
  hidden.push(path);
  if (isMessage(value)) return undefined;
  return Array.isArray(value) ? [bare] : bare;
}

function isMessage(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNothing(value: unknown): boolean {
  if (isMessage(value)) return Object.values(value).every(isNothing);
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

function bareText(text: string, rule: Rule): string {
  if (rule === 'url' || (rule === 'file' && text.includes('://'))) return bareUrl(text);
  if (rule !== 'file') return hiddenValue;
  const [name = ''] = text.split(/[?#]/, 1);
  return name === text ? text : `${name} ${hiddenValue}`;
}

/** Without user, password, query and fragment; what is no URL of HTTP says nothing of itself. */
function bareUrl(text: string): string {
  const [, scheme, authority = '', path = ''] = /^(https?:\/\/)([^/?#]*)([^?#]*)/i.exec(text) ?? [];
  if (scheme === undefined) return hiddenValue;
  const bare = `${scheme}${authority.slice(authority.lastIndexOf('@') + 1)}${path}`;
  return bare === text ? text : `${bare} ${hiddenValue}`;
}
