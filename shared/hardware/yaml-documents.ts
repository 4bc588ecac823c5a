import { type Document, isCollection, isScalar, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { messageOf } from '../errors.ts';

/** Where in a document: keys and list positions. */
export type Path = readonly (string | number)[];

/** One document of a YAML (or JSON) text, as plain values that still know where they stood. */
export interface YamlDocument {
  /** null when `problems` is not empty. */
  readonly root: unknown;
  /** Of the value at a path, or of what is nearest above it; from 1, in the whole text. */
  lineOf(path: Path): number;
  /** How a number was written: `001122334455`, `1e5`, which the number itself no longer tells. */
  sourceOf(path: Path): string | undefined;
  readonly problems: readonly { readonly line: number; readonly what: string }[];
}

/** Characters; a hardware file is not longer. */
const longest = 50 * 1024 * 1024;

/** Aliases (`*name`) that one document may resolve, nested ones multiplied: against a text that unfolds without end. */
const maxAliasCount = 100;

/** Syntax errors told of one document. */
const maxErrors = 10;

/** Parses every document of a text; an empty one is left out. Never throws. */
export function parseYaml(text: string): YamlDocument[] {
  if (text.length > longest) return [broken(1, `longer than ${longest} characters`)];
  const lines = new LineCounter();
  try {
    // The core schema of YAML 1.2 also where a document says %YAML 1.1: there, 52:54:00:12:34:56 is an integer.
    const documents = parseAllDocuments(text, { lineCounter: lines, schema: 'core', prettyErrors: false });
    return Array.from(documents)
      .filter((document) => document.errors.length > 0 || !isEmpty(document))
      .map((document) => toDocument(document, lines));
  } catch (error) {
    return [broken(1, messageOf(error))];
  }
}

function toDocument(document: Document.Parsed, lines: LineCounter): YamlDocument {
  const lineAt = (node: unknown) => lines.linePos((node as Node | undefined)?.range?.[0] ?? 0).line;
  // The parser calls itself for each level, and reports the overflow as it reports a missing comma.
  const overflow = document.errors.find(({ message }) => /stack/i.test(message));
  if (overflow !== undefined) return broken(lines.linePos(overflow.pos[0]).line, 'nested too deep');
  if (document.errors.length > 0) {
    // One mistake makes the parser stumble on and on.
    const problems = document.errors.slice(0, maxErrors).map((error) => ({
      line: lines.linePos(error.pos[0]).line,
      what: error.message,
    }));
    return { root: null, lineOf: () => problems[0]?.line ?? 1, sourceOf: () => undefined, problems };
  }
  try {
    return {
      root: document.toJS({ maxAliasCount }),
      lineOf: (path) => lineAt(nearest(document, path)),
      sourceOf: (path) => {
        const node = document.getIn(path, true);
        return isScalar(node) ? node.source : undefined;
      },
      problems: [],
    };
  } catch (error) {
    return broken(lineAt(document.contents), messageOf(error));
  }
}

function isEmpty({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function nearest(document: Document, path: Path): unknown {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    if (!isCollection(parent)) continue;
    const node = parent.get(path[length - 1], true);
    if (node !== undefined) return node;
  }
  return document.contents;
}

function broken(line: number, what: string): YamlDocument {
  return { root: null, lineOf: () => line, sourceOf: () => undefined, problems: [{ line, what }] };
}
