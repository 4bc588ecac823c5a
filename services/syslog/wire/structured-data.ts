import { MalformedError } from '#shared/errors.ts';

/** Elements by SD-ID, each with its parameters by name; the values of a repeated name are joined by commas. */
export type StructuredData = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** RFC 5424 §6.3.3: in a value, `"`, `\` and `]` stand behind a backslash; a backslash before anything else is itself. */
const element = /\[([^\s=\]"]{1,32})((?: [^\s=\]"]{1,32}="(?:[^"\\\]]|\\.)*")*)\]/sy;
const parameter = / ([^\s=\]"]+)="((?:[^"\\\]]|\\.)*)"/gs;

/**
 * Parses STRUCTURED-DATA (RFC 5424 §6.3) from `start` of `text`; `end` is behind it, `data` undefined for NILVALUE.
 * @param offset where `text` starts in the datagram
 * @throws {MalformedError}
 */
export function parseStructuredData(
  text: string,
  start: number,
  offset: number,
): { readonly data: StructuredData | undefined; readonly end: number } {
  if (text[start] === '-') return { data: undefined, end: start + 1 };
  const elements = new Map<string, Record<string, string>>();
  let end = start;
  while (text[end] === '[') {
    element.lastIndex = end;
    const [whole, id, parameters] = element.exec(text) ?? [];
    if (whole === undefined || id === undefined)
      throw new MalformedError('STRUCTURED-DATA', offset + end, 'is not [id name="value" …]');
    elements.set(id, { ...elements.get(id), ...readParameters(parameters ?? '') });
    end += whole.length;
  }
  if (end === start) throw new MalformedError('STRUCTURED-DATA', offset + start, 'is neither - nor [id …]');
  return { data: Object.fromEntries(elements), end };
}

function readParameters(text: string): Record<string, string> {
  const values = new Map<string, string>();
  for (const [, name = '', escaped = ''] of text.matchAll(parameter)) {
    const value = escaped.replace(/\\(["\\\]])/g, '$1');
    const earlier = values.get(name);
    values.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return Object.fromEntries(values);
}
