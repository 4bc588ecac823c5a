import { styleText } from 'node:util';
import { type Finding, findings } from './findings.ts';

interface Report {
  readonly found: readonly Finding[];
  readonly unseen: readonly string[];
}

/** For people: what is wrong, what to do, and what was not looked at. */
export function formatReport({ found, unseen }: Report, stream: NodeJS.WriteStream): string {
  const paint = (style: 'bold' | 'red' | 'green' | 'dim', text: string) => styleText(style, text, { stream });
  const told = found.map(({ code, detail, sure }) => {
    const { means, action } = findings[code];
    const doubt = sure === 'likely' ? ' (likely)' : '';
    return `${paint('red', '✗')} ${paint('bold', code)}${doubt}: ${means}\n  ${detail}\n  → ${action}\n`;
  });
  const missed = unseen.map((text) => paint('dim', `  not looked at: ${text}\n`)).join('');
  if (told.length === 0) return `${paint('green', 'all well')}\n${missed}`;
  return [...told, ...(missed === '' ? [] : [missed])].join('\n');
}

/** For programs: one object on one line. */
export function formatJson({ found, unseen }: Report): string {
  const told = found.map((one) => ({ ...one, ...findings[one.code] }));
  return `${JSON.stringify({ well: found.length === 0, findings: told, unseen })}\n`;
}
