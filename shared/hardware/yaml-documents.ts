import {
  Composer,
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
} from 'yaml';
import { messageOf } from '../errors.ts';

/** Where in a document: keys and list positions. */
export type Path = readonly (string | number)[];

/** One document of a YAML (or JSON) text, as plain values that still know where they stood. */
export interface YamlDocument {
  /** null when `problems` is not empty. The keys of a mapping at the root are text, as they were written. */
  readonly root: unknown;
  /** Of the value at a path (of the key, at the root), or of what is nearest above it; from 1, in the whole text. */
  lineOf(path: Path): number;
  /** How a number was written: `001122334455`, `1e5`, which the number itself no longer tells. */
  sourceOf(path: Path): string | undefined;
  readonly problems: readonly YamlProblem[];
  /** Keys of the root that stand there again; `root` has the first of them. */
  readonly repeated: readonly { readonly key: string; readonly line: number }[];
}

interface YamlProblem {
  readonly line: number;
  readonly what: string;
}

/** Characters; a hardware file is not longer. */
const longest = 50 * 1024 * 1024;

/** Aliases (`*name`) that one document may resolve, nested ones multiplied: against a text that unfolds without end. */
const maxAliasCount = 100;

/** Syntax errors told of one document. */
const maxErrors = 10;

/** What is said of a key that stands twice in one mapping. */
export const repeatedKey = 'Map keys must be unique';

/**
 * Parses every document of a text, one at a time, so that only one is in memory; an empty one is left out. Never throws.
 */
export function* parseYaml(text: string): Generator<YamlDocument> {
  if (text.length > longest) return yield broken(1, `longer than ${longest} characters`);
  const lines = new LineCounter();
  try {
    // The core schema of YAML 1.2 also where a document says %YAML 1.1: there, 52:54:00:12:34:56 is an integer. The composer's
    // own search for repeated keys compares each with each: ours is faster.
    const composer = new Composer({ schema: 'core', prettyErrors: false, uniqueKeys: false });
    for (const document of composer.compose(new Parser(lines.addNewLine).parse(text)))
      if (document.errors.length > 0 || !isEmpty(document)) yield toDocument(document, lines);
  } catch (error) {
    yield broken(1, messageOf(error));
  }
}

function toDocument(document: Document.Parsed, lines: LineCounter): YamlDocument {
  const lineAt = (offset = 0) => lines.linePos(offset).line;
  // The parser calls itself for each level, and reports the overflow as it reports a missing comma.
  const overflow = document.errors.find(({ message }) => /stack/i.test(message));
  if (overflow !== undefined) return broken(lineAt(overflow.pos[0]), 'nested too deep');
  // One mistake makes the parser stumble on and on. What it quotes of the text may be a secret.
  const errors = document.errors.map(({ pos, message }) => ({
    line: lineAt(pos[0]),
    what: message.replace(/: ".*/s, ''),
  }));
  if (errors.length > 0) return { ...broken(1, ''), problems: errors.slice(0, maxErrors) };
  try {
    const root = readRoot(document, lineAt);
    const inner = [...repeatedKeys(document)].map((offset) => ({ line: lineAt(offset), what: repeatedKey }));
    if (inner.length > 0) return { ...broken(1, ''), problems: inner.slice(0, maxErrors) };
    return {
      root: document.toJS({ maxAliasCount }),
      lineOf: (path) => lineAt(offsetOf(nearest(document, root.pairs, path))),
      sourceOf: (path) => {
        const node = valueAt(document, root.pairs, path);
        return isScalar(node) ? node.source : undefined;
      },
      problems: [],
      repeated: root.repeated,
    };
  } catch (error) {
    return broken(lineAt(offsetOf(document.contents)), messageOf(error));
  }
}

interface Root {
  readonly pairs: ReadonlyMap<unknown, Pair>;
  readonly repeated: YamlDocument['repeated'];
}

/** Makes the root's keys text as written (a MAC of digits is no number), each once, and finds them again at once. */
function readRoot({ contents }: Document.Parsed, lineAt: (offset?: number) => number): Root {
  const pairs = new Map<unknown, Pair>();
  const repeated: { key: string; line: number }[] = [];
  if (!isMap(contents)) return { pairs, repeated };
  contents.items = contents.items.filter((pair) => {
    if (!isScalar(pair.key)) return true;
    if (typeof pair.key.value === 'number') pair.key.value = pair.key.source ?? String(pair.key.value);
    const { value } = pair.key;
    if (!pairs.has(value)) pairs.set(value, pair);
    else repeated.push({ key: String(value), line: lineAt(offsetOf(pair.key)) });
    return pairs.get(value) === pair;
  });
  return { pairs, repeated };
}

/** Offsets of keys that stand in one mapping already, at any depth. */
function* repeatedKeys({ contents }: Document): Generator<number> {
  const open: unknown[] = [contents];
  while (open.length > 0) {
    const node = open.pop();
    if (isSeq(node)) for (const item of node.items) open.push(item);
    if (!isMap(node)) continue;
    const seen = new Set<unknown>();
    for (const { key, value } of node.items) {
      if (isScalar(key) && seen.has(key.value)) yield offsetOf(key) ?? 0;
      if (isScalar(key)) seen.add(key.value);
      open.push(key, value);
    }
  }
}

function isEmpty({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function valueAt({ contents }: Document, pairs: Root['pairs'], path: Path): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return contents;
  const node = isSeq(contents) ? contents.get(first, true) : pairs.get(first)?.value;
  if (rest.length === 0) return node;
  return isCollection(node) ? node.getIn(rest, true) : undefined;
}

function nearest(document: Document, pairs: Root['pairs'], path: Path): unknown {
  for (let length = path.length; length > 1; length--) {
    const node = valueAt(document, pairs, path.slice(0, length));
    if (node !== undefined && node !== null) return node;
  }
  const [first] = path;
  return pairs.get(first)?.key ?? valueAt(document, pairs, path.slice(0, 1)) ?? document.contents;
}

function broken(line: number, what: string): YamlDocument {
  const problems = [{ line, what }];
  return { root: null, lineOf: () => line, sourceOf: () => undefined, problems, repeated: [] };
}
