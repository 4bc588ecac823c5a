/**
 * The commands of a script as iPXE itself would take it apart (src/image/script.c, src/core/exec.c), without running any: lines
 * joined at a backslash, labels, words, comments, and the terminators `||`, `&&`, `;`. A test compares what a script says with
 * what it was meant to say.
 */
export function ipxeCommands(script: string): string[][] {
  const text = script.split('\0', 1)[0] ?? '';
  const joined = text.replace(/\r?\n/g, '\n').replace(/\\\n/g, '');
  return joined.split('\n').flatMap(commandsOf);
}

function commandsOf(line: string): string[][] {
  const commands: string[][] = [[]];
  for (const word of line.split(/[ \f\n\r\t\v]+/).filter((one) => one !== '')) {
    if (word.startsWith('#')) break;
    if (['||', '&&', ';'].includes(word)) commands.push([]);
    else commands.at(-1)?.push(word);
  }
  return commands.filter((command) => command.length > 0);
}

/** What iPXE would expand, in order: `${net0/mac}`. */
export function ipxeExpansions(script: string): string[] {
  return [...script.matchAll(/\$\{[^}]*\}?/g)].map(([found]) => found);
}
