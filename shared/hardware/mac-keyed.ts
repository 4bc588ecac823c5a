import { parseMac } from '../mac.ts';
import { DocumentReader, type ReadRecord } from './document-reader.ts';
import { isObject, type JsonObject } from './struct.ts';
import type { Path, YamlDocument } from './yaml-documents.ts';

/** A field of Smee's file format: how it is spelled there, and where it belongs in the contract. */
interface Field {
  readonly key: string;
  /** Below the record's one interface, or below the record; undefined for what nobody looks at. */
  readonly to: readonly string[] | undefined;
  readonly type: 'text' | 'texts' | 'uint32' | 'bool';
  readonly of?: 'record';
  readonly required?: boolean;
}

const fields: readonly Field[] = [
  { key: 'ipAddress', to: ['dhcp', 'ip', 'address'], type: 'text', required: true },
  { key: 'subnetMask', to: ['dhcp', 'ip', 'netmask'], type: 'text', required: true },
  { key: 'defaultGateway', to: ['dhcp', 'ip', 'gateway'], type: 'text' },
  { key: 'nameServers', to: ['dhcp', 'nameServers'], type: 'texts' },
  { key: 'hostname', to: ['dhcp', 'hostname'], type: 'text' },
  { key: 'domainName', to: ['dhcp', 'domainName'], type: 'text' },
  { key: 'broadcastAddress', to: ['dhcp', 'broadcastAddress'], type: 'text' },
  { key: 'ntpServers', to: ['dhcp', 'timeServers'], type: 'texts' },
  { key: 'vlanID', to: ['dhcp', 'vlanId'], type: 'text' },
  { key: 'leaseTime', to: ['dhcp', 'leaseTime'], type: 'uint32' },
  { key: 'arch', to: ['dhcp', 'arch'], type: 'text' },
  { key: 'domainSearch', to: ['dhcp', 'domainSearch'], type: 'texts' },
  { key: 'disabled', to: ['disableDhcp'], type: 'bool' },
];

const netbootFields: readonly Field[] = [
  { key: 'allowPxe', to: ['netboot', 'allowPxe'], type: 'bool' },
  { key: 'ipxeScriptUrl', to: ['netboot', 'ipxe', 'url'], type: 'text' },
  { key: 'ipxeScript', to: ['netboot', 'ipxe', 'contents'], type: 'text' },
  { key: 'console', to: undefined, type: 'text' },
  { key: 'facility', to: ['metadata', 'facility', 'facilityCode'], type: 'text', of: 'record' },
];

/** Whether a document is of Smee's file format: a mapping whose keys are MAC addresses. An empty one holds no machine. */
export function isMacKeyed(root: unknown): root is JsonObject {
  if (!isObject(root) || 'apiVersion' in root || 'kind' in root) return false;
  const keys = Object.keys(root);
  return keys.length === 0 || keys.some((key) => parseMac(key) !== undefined);
}

/**
 * Reads the records of Smee's file format: `<mac>:` → `ipAddress`, `subnetMask`, …; MACs and fields in any case. A record is
 * called after its MAC, with dashes. An unknown field is told and left out. Never throws.
 */
export function* readMacKeyed(yaml: YamlDocument, document: number, root: JsonObject): Generator<ReadRecord> {
  for (const [key, value] of Object.entries(root)) yield new Reader(yaml, document, key).read(value);
  for (const { key, line } of yaml.repeated) {
    const what = `is there already, in line ${yaml.lineOf([key])}; the first is served`;
    const problems = [{ document, line, field: key, what }];
    const nowhere = { hardware: undefined, locate: () => ({ line, field: key }) };
    yield { document, line, name: nameOf(key), problems, wellFormed: true, ...nowhere };
  }
}

function nameOf(key: string): string | undefined {
  return parseMac(key)?.replaceAll(':', '-');
}

class Reader extends DocumentReader {
  readonly #key: string;
  readonly #record: Record<string, unknown> = {};
  readonly #interface: Record<string, unknown> = {};
  /** As they are spelled in this record, by their name in the format. */
  readonly #spelled = new Map<string, Path>();

  constructor(yaml: YamlDocument, document: number, key: string) {
    super(yaml, document);
    this.#key = key;
  }

  read(value: unknown): ReadRecord {
    const mac = parseMac(this.#key);
    if (mac === undefined) this.wrong([this.#key], 'must be a MAC address');
    else put(this.#interface, ['dhcp', 'mac'], mac);
    this.#readFields(value, fields, []);
    for (const { key } of fields.filter(({ required }) => required && isObject(value)))
      if (!this.#spelled.has(key)) this.wrong([this.#key, key], 'is missing');
    const name = nameOf(this.#key);
    const hardware = {
      ...(name === undefined ? {} : { name }),
      ...this.#record,
      interfaces: [this.#interface],
    };
    return this.finish(hardware, [this.#key], (field) => this.#pathOf(field));
  }

  #readFields(value: unknown, known: readonly Field[], path: Path): void {
    const at = [this.#key, ...path];
    if (!isObject(value)) {
      this.wrong(at, 'must be a mapping');
      return;
    }
    for (const [key, element] of Object.entries(value)) {
      const field = known.find((one) => one.key.toLowerCase() === key.toLowerCase());
      // `key:` with nothing behind it is a field left out.
      if (element === null) continue;
      if (field !== undefined) this.#readField(field, element, [...path, key]);
      else if (known === fields && key.toLowerCase() === 'netboot')
        this.#readFields(element, netbootFields, [key]);
      else this.note([...at, key], 'is not a field of this format, and is left out');
    }
  }

  #readField(field: Field, value: unknown, path: Path): void {
    const at = [this.#key, ...path];
    if (this.#spelled.has(field.key)) this.wrong(at, `is ${field.key} a second time`);
    if (field.required && value === '') this.wrong(at, 'is missing');
    this.#spelled.set(field.key, path);
    if (field.to === undefined) return;
    const read = this.#readValue(field, value, at);
    // Go's zero value: a lease of 0 seconds is one that nobody named.
    if (read === undefined || (field.key === 'leaseTime' && read === 0)) return;
    put(field.of === 'record' ? this.#record : this.#interface, field.to, read);
  }

  #readValue({ type }: Field, value: unknown, at: Path): unknown {
    if (type === 'texts') return this.list(value, at, (element, place) => this.text(element ?? '', place));
    return this[type](value, at);
  }

  /** Where a field of the contract stands below the MAC. */
  #pathOf(contractField: string): Path {
    const parts = contractField.replace(/^hardware\.(interfaces\[0\]\.)?/, '').match(/[a-z0-9_]+/g) ?? [];
    const spelled = (part: string) => part.replaceAll('_', '');
    const found = [...fields, ...netbootFields].find(
      ({ to }) => to?.every((part, at) => part.toLowerCase() === spelled(parts[at] ?? '')) ?? false,
    );
    const path = this.#spelled.get(found?.key ?? '');
    if (path === undefined) return [];
    const rest = parts.slice(found?.to?.length).filter((part) => /^\d+$/.test(part));
    return [...path, ...rest.map(Number)];
  }
}

function put(into: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[first] = value;
    return;
  }
  const below = isObject(into[first]) ? { ...(into[first] as object) } : {};
  into[first] = below;
  put(below, rest, value);
}
