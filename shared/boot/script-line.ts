/**
 * Why a text cannot stand on a line of a script without meaning more than itself; undefined when it can. iPXE has no quoting:
 *
 * - control characters: a line break starts a new command, a NUL ends the script;
 * - `${`: is expanded anywhere on a line, and cannot be escaped;
 * - a word `||`, `&&` or `;` ends the command, a word that starts with `#` comments the rest away;
 * - a backslash at the end joins the next line.
 *
 * (iPXE, src/core/exec.c and src/image/script.c.)
 *
 * @param shape `word`: white space is a problem too
 */
export function lineProblem(text: string, shape: 'word' | 'words'): string | undefined {
  if (holdsControl(text)) return 'a control character';
  if (text.includes('${')) return 'a ${ that iPXE would expand';
  if (text.endsWith('\\')) return 'a backslash at its end';
  const words = /[|&;#]/.test(text) ? text.split(' ') : [];
  if (words.some((word) => ['||', '&&', ';'].includes(word))) return 'a word that ends an iPXE command';
  if (words.some((word) => word.startsWith('#'))) return 'a word that starts an iPXE comment';
  if (shape === 'word' && /\s/.test(text)) return 'white space';
  return undefined;
}

function holdsControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
