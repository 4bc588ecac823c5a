import type { HardwareInput } from './contract.ts';
import type { Path, YamlDocument } from './yaml-documents.ts';

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

/** One record as it was read, or as much of it as could be. */
export interface ReadRecord {
  /** From 1. */
  readonly document: number;
  /** Where the record starts; from 1. */
  readonly line: number;
  /** Undefined when it is not known. */
  readonly name: string | undefined;
  /** Undefined when a problem leaves nothing that can be used. */
  readonly hardware: HardwareInput | undefined;
  /** A problem beside `hardware` is one of something that was left out. */
  readonly problems: readonly DocumentProblem[];
  /** false: the whole document is no YAML. */
  readonly wellFormed: boolean;
  /** Where a field of the contract (`hardware.interfaces[0].dhcp.mac`) stands, and how it is called there. */
  locate(field: string): { readonly line: number; readonly field: string };
}

/** Reads the values of one record; every problem is kept, so that one run shows them all. */
export class DocumentReader {
  readonly problems: DocumentProblem[] = [];
  readonly #yaml: YamlDocument;
  readonly #document: number;
  #usable = true;

  constructor(yaml: YamlDocument, document: number) {
    this.#yaml = yaml;
    this.#document = document;
  }

  /** What was read, with the problems that were found on the way. */
  finish(hardware: HardwareInput, path: Path, pathOf: (field: string) => Path): ReadRecord {
    const { name } = hardware;
    return {
      document: this.#document,
      line: this.#yaml.lineOf(path),
      name: name === '' ? undefined : name,
      hardware: this.#usable ? hardware : undefined,
      problems: this.problems,
      wellFormed: true,
      locate: (field) => {
        const at = [...path, ...pathOf(field)];
        return { line: this.#yaml.lineOf(at), field: formatPath(at) };
      },
    };
  }

  /** An unquoted 525400123456, 30 or 1e234567 (a serial number) is meant as it is written, not as a number. */
  text(value: unknown, path: Path): string | undefined {
    if (typeof value === 'string') return value;
    const written = typeof value === 'number' ? this.#yaml.sourceOf(path) : undefined;
    return written ?? this.wrong(path, 'must be text');
  }

  bool(value: unknown, path: Path): boolean | undefined {
    return typeof value === 'boolean' ? value : this.wrong(path, 'must be true or false');
  }

  uint32(value: unknown, path: Path): number | undefined {
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
    return fits ? value : this.wrong(path, 'must be a whole number from 0 to 4294967295');
  }

  list<T>(value: unknown, path: Path, read: (element: unknown, path: Path) => T): T[] | undefined {
    if (!Array.isArray(value)) return this.wrong(path, 'must be a list');
    return value.map((element, at) => read(element, [...path, at]));
  }

  /** A problem that makes the record useless. */
  wrong(path: Path, what: string): undefined {
    this.#usable = false;
    this.note(path, what);
  }

  /** A problem of something that can be left out. */
  note(path: Path, what: string): undefined {
    const [document, line] = [this.#document, this.#yaml.lineOf(path)];
    this.problems.push({ document, line, field: formatPath(path), what });
  }
}

/** `spec.interfaces[0].dhcp.mac` */
function formatPath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}
