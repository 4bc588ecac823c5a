import { styleText } from 'node:util';
import { escapeUnsafe } from '#shared/printable.ts';
import { jsonLine } from '../terminal.ts';
import { type Finding, findings } from './findings.ts';

interface Report {
  readonly found: readonly Finding[];
  readonly unseen: readonly string[];
}

/**
 * For people: what is wrong, what to do, and what was not looked at. Names of programs and of records are in it, and answers of whoever
 * has a port: the terminal of root obeys none of them.
 */
export function formatReport({ found, unseen }: Report, stream: NodeJS.WriteStream): string {
  const paint = (style: 'bold' | 'red' | 'green' | 'dim', text: string) => styleText(style, text, { stream });
  const told = found.map(({ code, detail, sure }) => {
    const { means, action } = findings[code];
    const doubt = sure === 'likely' ? ' (likely)' : '';
    return `${paint('red', '✗')} ${paint('bold', code)}${doubt}: ${means}\n  ${escapeUnsafe(detail)}\n  → ${action}\n`;
  });
  const missed = unseen.map((text) => paint('dim', `  not looked at: ${escapeUnsafe(text)}\n`)).join('');
  if (told.length === 0) return `${paint('green', 'all well')}\n${missed}`;
  return [...told, ...(missed === '' ? [] : [missed])].join('\n');
}

/** For programs: one object on one line. */
export function formatJson({ found, unseen }: Report): string {
  const told = found.map((one) => ({ ...one, ...findings[one.code] }));
  return jsonLine({ well: found.length === 0, findings: told, unseen });
}
