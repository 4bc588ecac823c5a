import { StepError } from './failure.ts';

/**
 * Runs an iPXE script as far as a simulated machine needs: variables, labels, `&&` and `||`, and what the script would
 * fetch. A command that only a real iPXE can carry out succeeds; one that we don't know is an error, so that a typing
 * mistake in a script is found here and not on a rack.
 */
export type Outcome =
  | {
      readonly end: 'boot';
      readonly kernel: string;
      readonly kernelArgs: string;
      readonly initrds: readonly string[];
      readonly settings: ReadonlyMap<string, string>;
    }
  | { readonly end: 'chain'; readonly url: string };

/** A script may loop (retries); no sane one runs longer. */
const maxSteps = 1000;

/** They change nothing that we look at. `cpuid` asks for 64-bit mode, which every simulated machine has. */
const harmless = new Set(
  `clear colour config console cpair cpuid dhcp echo form help ifclose ifconf ifopen ifstat imgargs imgexec imgfree
   imgstat imgtrust imgverify inc item login menu neighbour nslookup ntp param params ping prompt read route sanboot
   show sleep sync time vcreate vdestroy`.split(/\s+/),
);

/** @param given variables that the machine's own iPXE sets: `mac`, `buildarch`, `ip`, … */
export function runScript(text: string, given: ReadonlyMap<string, string>): Outcome {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (lines[0] !== '#!ipxe') throw new StepError('the script does not begin with #!ipxe');
  const settings = new Map(given);
  const fetched: { kernel?: string; kernelArgs: string; initrds: string[] } = { kernelArgs: '', initrds: [] };

  let next: number | Outcome = 0;
  for (let steps = 0; typeof next === 'number'; steps++) {
    if (steps === maxSteps) throw new StepError(`the script is still running after ${maxSteps} lines`);
    const line = lines[next];
    if (line === undefined) throw new StepError('the script ends without a boot');
    next = runLine(line, next);
  }
  return next;

  /** The number of the line to go on with, or how it ended. `a && b || c` runs from left to right, as in iPXE. */
  function runLine(line: string, at: number): number | Outcome {
    if (line === '' || line.startsWith('#') || line.startsWith(':')) return at + 1;
    let succeeded = true;
    for (const { after, words } of commandsOf(line)) {
      if (words.length === 0 || (after === '&&' && !succeeded) || (after === '||' && succeeded)) {
        // An empty command (`… ||` at the end of a line) forgives.
        if (words.length === 0) succeeded = true;
        continue;
      }
      const result = runCommand(words.map((word) => expand(word, settings)));
      if (typeof result !== 'boolean') return result;
      succeeded = result;
    }
    if (!succeeded) throw new StepError(`line ${at + 1} of the script fails: ${line.split(' ')[0]}`);
    return at + 1;
  }

  /** Whether it succeeded, or where to go on, or the end. */
  function runCommand([command = '', ...args]: readonly string[]): boolean | number | Outcome {
    const [first = '', ...rest] = operandsOf(args);
    switch (command) {
      case 'set':
        settings.set(nameOf(first), rest.join(' '));
        return true;
      case 'clear':
        return settings.delete(nameOf(first)) || true;
      case 'isset':
        return first !== '';
      case 'iseq':
        return first === (rest[0] ?? '');
      case 'goto':
        return labelled(lines, first);
      case 'kernel':
      case 'imgselect':
        fetched.kernel = first;
        fetched.kernelArgs = rest.join(' ');
        return true;
      case 'initrd':
      case 'module':
      case 'imgfetch':
        fetched.initrds.push(first);
        return true;
      case 'boot':
        if (fetched.kernel === undefined) throw new StepError('the script boots without a kernel');
        return { end: 'boot', ...fetched, kernel: fetched.kernel, settings };
      case 'chain':
        return { end: 'chain', url: first };
      case 'exit':
      case 'shell':
      case 'reboot':
      case 'poweroff':
        throw new StepError(`the script gives up (${[command, ...args].join(' ')})`);
      default:
        if (!harmless.has(command))
          throw new StepError(`the script uses ${command}, which iPXE does not know`);
        return true;
    }
  }
}

interface Command {
  /** What stands before it. */
  readonly after: string;
  readonly words: readonly string[];
}

/** Split into words before variables are expanded, so that a value with spaces stays one word. */
function commandsOf(line: string): Command[] {
  const commands: { after: string; words: string[] }[] = [{ after: '', words: [] }];
  for (const word of line.split(/\s+/)) {
    if (word === '&&' || word === '||') commands.push({ after: word, words: [] });
    else commands.at(-1)?.words.push(word);
  }
  return commands;
}

/** Without leading options: `--name kernel --autofree URL args` → `URL args`. */
function operandsOf(args: readonly string[]): readonly string[] {
  let at = 0;
  while (/^--?[a-z]/.test(args[at] ?? '')) at += /^(--name|-n|--timeout|-t)$/.test(args[at] ?? '') ? 2 : 1;
  return args.slice(at);
}

function labelled(lines: readonly string[], label: string): number {
  const at = lines.indexOf(`:${label}`);
  if (at === -1) throw new StepError(`the script goes to :${label}, which is not there`);
  return at;
}

/** `idx:int32` → `idx`; `net0/mac` → `mac`. */
function nameOf(setting: string): string {
  return setting.replace(/:.*$/, '').replace(/^.*\//, '');
}

/** `${name}`, `${name:type}` and variables inside names, from the inside out; an unknown one is empty, as in iPXE. */
export function expand(text: string, settings: ReadonlyMap<string, string>): string {
  let expanded = text;
  for (let depth = 0; depth < 100; depth++) {
    const [variable, name = ''] = /\$\{([^${}]*)\}/.exec(expanded) ?? [];
    if (variable === undefined) return expanded;
    const value = settings.get(nameOf(name)) ?? '';
    const written = name.endsWith(':hexhyp') ? value.replaceAll(':', '-') : value;
    expanded = expanded.replace(variable, () => written);
  }
  throw new StepError('a variable of the script contains itself');
}
