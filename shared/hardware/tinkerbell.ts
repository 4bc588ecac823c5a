import { DocumentReader, type ReadRecord } from './document-reader.ts';
import { isObject, type Json, toStruct } from './struct.ts';
import { type Field, objectMeta, type Shape, serverFields, spec } from './tinkerbell-shape.ts';
import type { Path, YamlDocument } from './yaml-documents.ts';

export { toTinkerbell, writeTinkerbell } from './tinkerbell-write.ts';

/** How deep a field that is kept verbatim may be nested. */
const maxDepth = 24;

/**
 * Reads one Tinkerbell `Hardware` (tinkerbell.org/v1alpha1) that stands at a path of a document. Checks shape and types;
 * whether an address is one, the hardware service checks. Never throws.
 */
export function readTinkerbellRecord(
  yaml: YamlDocument,
  document: number,
  value: unknown,
  path: Path,
): ReadRecord {
  return new Reader(yaml, document).readHardware(value, path);
}

/** `hardware.interfaces[0].netboot.osie.base_url` → `spec`, `interfaces`, 0, `netboot`, `osie`, `baseURL` */
function tinkerbellPath(field: string): Path {
  const [, ...parts] = field.match(/[a-z0-9_]+/g) ?? [];
  const named = (shape: Shape | undefined, part: string) =>
    Object.entries(shape?.fields ?? {}).find(([, { to }]) => to.toLowerCase() === part.replaceAll('_', ''));
  const inMeta = named(objectMeta, parts[0] ?? '') !== undefined;
  const path: (string | number)[] = [inMeta ? 'metadata' : 'spec'];
  let shape: Shape | undefined = inMeta ? objectMeta : spec;
  for (const part of parts) {
    if (/^\d+$/.test(part)) {
      path.push(Number(part));
      continue;
    }
    const entry: readonly [string, Field] | undefined = named(shape, part);
    if (entry === undefined) break;
    const [key, { type }] = entry;
    path.push(key);
    shape = typeof type === 'string' ? undefined : 'listOf' in type ? type.listOf : type;
  }
  return path;
}

class Reader extends DocumentReader {
  readHardware(value: unknown, path: Path): ReadRecord {
    if (!isObject(value)) {
      this.wrong(path, 'must be a Hardware document');
      return this.finish({}, path, tinkerbellPath);
    }
    for (const [key, expected] of [
      ['apiVersion', 'tinkerbell.org/v1alpha1'],
      ['kind', 'Hardware'],
    ] as const) {
      if (value[key] !== expected) this.wrong([...path, key], `must be ${expected}`);
    }
    // What Tinkerbell's controllers wrote about the machine is not ours to keep.
    for (const key of Object.keys(value)) {
      if (!['apiVersion', 'kind', 'metadata', 'spec', 'status'].includes(key)) this.#unknown([...path, key]);
    }
    const named = this.#readShape(value.metadata, objectMeta, [...path, 'metadata'], serverFields);
    if (named.name === undefined) this.wrong([...path, 'metadata', 'name'], 'is missing');
    const read = this.#readShape(value.spec ?? {}, spec, [...path, 'spec']);
    return this.finish({ ...named, ...read }, path, tinkerbellPath);
  }

  #readShape(
    value: unknown,
    shape: Shape,
    path: Path,
    ignored: readonly string[] = [],
  ): Record<string, unknown> {
    if (!isObject(value)) {
      this.wrong(path, 'must be a mapping');
      return {};
    }
    const read: Record<string, unknown> = {};
    const others: [string, Json][] = [];
    for (const [key, element] of Object.entries(value)) {
      const field = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
      const at = [...path, key];
      if (field !== undefined) {
        // `key:` with nothing behind it is a field left out.
        if (element !== null) read[field.to] = this.#readField(element, field.type, at);
      } else if (shape.keepsOthers) {
        if (this.#keepable(element, at)) others.push([key, element]);
      } else if (!ignored.includes(key)) this.#unknown(at);
    }
    if (others.length > 0) read.other = toStruct(Object.fromEntries(others));
    return read;
  }

  #readField(value: unknown, type: Field['type'], path: Path): unknown {
    if (type === 'text') return this.text(value, path);
    if (type === 'bool') return this.bool(value, path);
    if (type === 'uint32') return this.uint32(value, path);
    if (type === 'texts') return this.list(value, path, (element, at) => this.text(element, at));
    if (type === 'labels') {
      if (!isObject(value)) return this.wrong(path, 'must be a mapping');
      return Object.fromEntries(
        Object.entries(value).map(([key, element]) => [key, this.text(element, [...path, key])]),
      );
    }
    if ('listOf' in type)
      return this.list(value, path, (element, at) => this.#readShape(element, type.listOf, at));
    return this.#readShape(value, type, path);
  }

  /** Whether a value comes back from a `google.protobuf.Struct` as it was. */
  #keepable(value: unknown, path: Path, depth = 0): value is Json {
    if (depth > maxDepth) return this.#refuse(path, `is nested deeper than ${maxDepth} levels`);
    if (
      typeof value === 'number' &&
      (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    ) {
      return this.#refuse(path, 'is a number that cannot be kept exactly; write it as text, in quotes');
    }
    if (typeof value !== 'object' || value === null) return true;
    return Object.entries(value).every(([key, element]) =>
      this.#keepable(element, [...path, Array.isArray(value) ? Number(key) : key], depth + 1),
    );
  }

  #refuse(path: Path, what: string): false {
    this.wrong(path, what);
    return false;
  }

  #unknown(path: Path): void {
    this.wrong(path, 'is not a field of Hardware');
  }
}
