import type { HardwareInput } from './contract.ts';
import type { DocumentProblem, ReadRecord } from './document-reader.ts';
import { isMacKeyed, readMacKeyed } from './mac-keyed.ts';
import { isObject } from './struct.ts';
import { readTinkerbellRecord } from './tinkerbell.ts';
import { type Path, parseYaml, repeatedKey, type YamlDocument } from './yaml-documents.ts';

interface ReadDocument {
  readonly hardware: HardwareInput;
  /** From 1. */
  readonly document: number;
  /** Where the record starts; from 1. */
  readonly line: number;
}

export interface ReadDocuments {
  /** The records that can be used. */
  readonly records: readonly ReadDocument[];
  readonly problems: readonly DocumentProblem[];
}

/** All records of a text, and all its problems; see {@link readRecords}. */
export function readHardware(text: string): ReadDocuments {
  const records: ReadDocument[] = [];
  const problems: DocumentProblem[] = [];
  for (const { hardware, document, line, problems: found } of readRecords(text)) {
    if (hardware !== undefined) records.push({ hardware, document, line });
    // One by one: a file of nothing but mistakes has more of them than a function takes arguments.
    for (const problem of found) problems.push(problem);
  }
  return { records, problems };
}

/**
 * Reads hardware records from YAML or JSON, document by document, each in its own format: Tinkerbell's `Hardware`
 * (tinkerbell.org/v1alpha1, also in a `List`), or Smee's MAC-keyed mapping. Never throws: each problem names document, line
 * and field, and the records without one are still given.
 */
export function* readRecords(text: string): Generator<ReadRecord> {
  let document = 0;
  for (const yaml of parseYaml(text)) {
    document++;
    if (yaml.problems.length > 0) yield malformed(yaml.problems, document);
    else if (isMacKeyed(yaml.root)) yield* readMacKeyed(yaml, document, yaml.root);
    else if (yaml.repeated.length > 0)
      yield malformed(
        yaml.repeated.map(({ line }) => ({ line, what: repeatedKey })),
        document,
      );
    else
      for (const { value, path } of itemsOf(yaml.root))
        yield readTinkerbellRecord(yaml, document, value, path);
  }
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

function malformed(problems: YamlDocument['problems'], document: number): ReadRecord {
  const line = problems[0]?.line ?? 1;
  return {
    document,
    line,
    name: undefined,
    hardware: undefined,
    problems: problems.map((one) => ({ ...one, document, field: '' })),
    wellFormed: false,
    locate: () => ({ line, field: '' }),
  };
}
