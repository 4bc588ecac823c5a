/** Puts in what iPXE knows of a machine: `${name}`, and `${net0/name}` for one of its first card's. */
export function expand(text: string, settings: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{(?:net0\/)?([^}]+)\}/g, (_, name: string) => settings.get(name) ?? '');
}

/**
 * The URL of the kernel that a script loads first, as iPXE would find it: line by line, with `set`, up to the first `kernel`.
 * Undefined when it loads none.
 */
export function kernelUrl(script: string, settings: ReadonlyMap<string, string>): string | undefined {
  const known = new Map(settings);
  if (!script.startsWith('#!ipxe\n')) return undefined;
  for (const line of script.split('\n')) {
    const [command, first = '', ...rest] = line.trim().split(/\s+/);
    if (command === 'set') known.set(first.split(':', 1)[0] ?? '', expand(rest.join(' '), known));
    if (command === 'kernel') return expand(first, known);
  }
  return undefined;
}
