import type { HardwareInput } from './contract.ts';
import { isObject, type Json, toStruct } from './struct.ts';
import { type Field, objectMeta, type Shape, serverFields, spec } from './tinkerbell-shape.ts';
import { type Path, parseYaml, type YamlDocument } from './yaml-documents.ts';

export { toTinkerbell, writeTinkerbell } from './tinkerbell-write.ts';

/** What is wrong with a document, and where. Never holds a value. */
export interface DocumentProblem {
  /** From 1. */
  readonly document: number;
  /** In the whole text, from 1. */
  readonly line: number;
  /** `spec.interfaces[0].dhcp.mac`; empty when it is about the document as a whole. */
  readonly field: string;
  /** The end of a sentence: "must be text". */
  readonly what: string;
}

interface ReadDocument {
  readonly hardware: HardwareInput;
  /** From 1. */
  readonly document: number;
  /** Where the record starts; from 1. */
  readonly line: number;
}

export interface ReadDocuments {
  /** The records without a problem. */
  readonly records: readonly ReadDocument[];
  readonly problems: readonly DocumentProblem[];
}

/** How deep a field that is kept verbatim may be nested. */
const maxDepth = 24;

/**
 * Reads Tinkerbell `Hardware` documents (tinkerbell.org/v1alpha1, also in a `List`) from YAML or JSON. Checks shape and types;
 * whether an address is one, the hardware service checks. Never throws: each problem names document, line and field, and
 * the records without one are still given.
 */
export function readTinkerbell(text: string): ReadDocuments {
  const records: ReadDocument[] = [];
  const problems: DocumentProblem[] = [];
  for (const [at, yaml] of parseYaml(text).entries()) {
    const document = at + 1;
    for (const { line, what } of yaml.problems) problems.push({ document, line, field: '', what });
    if (yaml.problems.length > 0) continue;
    for (const { value, path } of itemsOf(yaml.root)) {
      const reader = new Reader(yaml, document);
      const hardware = reader.readHardware(value, path);
      problems.push(...reader.problems);
      if (reader.problems.length === 0) records.push({ hardware, document, line: yaml.lineOf(path) });
    }
  }
  return { records, problems };
}

/** `document 2, line 14, spec.interfaces[0].dhcp.mac: must be text` */
export function formatProblem({ document, line, field, what }: DocumentProblem): string {
  return `document ${document}, line ${line}${field === '' ? '' : `, ${field}`}: ${what}`;
}

/** `kubectl get hardware -o yaml` prints one `List`. */
function itemsOf(root: unknown): { value: unknown; path: Path }[] {
  if (!isObject(root) || !/^(Hardware)?List$/.test(String(root.kind)) || !Array.isArray(root.items)) {
    return [{ value: root, path: [] }];
  }
  return root.items.map((value: unknown, at) => ({ value, path: ['items', at] }));
}

/** Reads one record; every problem is kept, so that one run shows them all. */
class Reader {
  readonly problems: DocumentProblem[] = [];
  readonly #yaml: YamlDocument;
  readonly #document: number;

  constructor(yaml: YamlDocument, document: number) {
    this.#yaml = yaml;
    this.#document = document;
  }

  readHardware(value: unknown, path: Path): HardwareInput {
    if (!isObject(value)) {
      this.#wrong(path, 'must be a Hardware document');
      return {};
    }
    for (const [key, expected] of [
      ['apiVersion', 'tinkerbell.org/v1alpha1'],
      ['kind', 'Hardware'],
    ] as const) {
      if (value[key] !== expected) this.#wrong([...path, key], `must be ${expected}`);
    }
    // What Tinkerbell's controllers wrote about the machine is not ours to keep.
    for (const key of Object.keys(value)) {
      if (!['apiVersion', 'kind', 'metadata', 'spec', 'status'].includes(key)) this.#unknown([...path, key]);
    }
    const named = this.#readShape(value.metadata, objectMeta, [...path, 'metadata'], serverFields);
    if (named.name === undefined) this.#wrong([...path, 'metadata', 'name'], 'is missing');
    return { ...named, ...this.#readShape(value.spec ?? {}, spec, [...path, 'spec']) };
  }

  #readShape(
    value: unknown,
    shape: Shape,
    path: Path,
    ignored: readonly string[] = [],
  ): Record<string, unknown> {
    if (!isObject(value)) {
      this.#wrong(path, 'must be a mapping');
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
    if (type === 'text') return this.#text(value, path);
    if (type === 'bool')
      return typeof value === 'boolean' ? value : this.#wrong(path, 'must be true or false');
    if (type === 'uint32') {
      const fits = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
      return fits ? value : this.#wrong(path, 'must be a whole number from 0 to 4294967295');
    }
    if (type === 'texts') return this.#list(value, path, (element, at) => this.#text(element, at));
    if (type === 'labels') {
      if (!isObject(value)) return this.#wrong(path, 'must be a mapping');
      return Object.fromEntries(
        Object.entries(value).map(([key, element]) => [key, this.#text(element, [...path, key])]),
      );
    }
    if ('listOf' in type)
      return this.#list(value, path, (element, at) => this.#readShape(element, type.listOf, at));
    return this.#readShape(value, type, path);
  }

  #list(value: unknown, path: Path, read: (element: unknown, path: Path) => unknown): unknown {
    if (!Array.isArray(value)) return this.#wrong(path, 'must be a list');
    return value.map((element, at) => read(element, [...path, at]));
  }

  /** An unquoted 525400123456, 30 or 1e234567 (a serial number) is meant as it is written, not as a number. */
  #text(value: unknown, path: Path): string | undefined {
    if (typeof value === 'string') return value;
    const written = typeof value === 'number' ? this.#yaml.sourceOf(path) : undefined;
    return written ?? this.#wrong(path, 'must be text');
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
    this.#wrong(path, what);
    return false;
  }

  #unknown(path: Path): void {
    this.#wrong(path, 'is not a field of Hardware');
  }

  #wrong(path: Path, what: string): undefined {
    this.problems.push({
      document: this.#document,
      line: this.#yaml.lineOf(path),
      field: formatPath(path),
      what,
    });
  }
}

/** `spec.interfaces[0].dhcp.mac` */
function formatPath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}
