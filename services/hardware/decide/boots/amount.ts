const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/**
 * How much of a file has left: `vmlinuz, 120 of 400 MB`; without what is not known.
 * @param file with or without folders @param bytes so far @param size of the whole file, in bytes
 */
export function amountOf(file: string, bytes: string, size: string): string {
  const name = file.split('/').at(-1) ?? '';
  const [sent, whole] = [numberOf(bytes), numberOf(size)];
  const at = unitOf(whole ?? sent ?? 0);
  const amount = [sent, whole].flatMap((one) => (one === undefined ? [] : [inUnit(one, at)]));
  return [name, amount.length === 0 ? '' : `${amount.join(' of ')} ${units[at]}`]
    .filter((part) => part !== '')
    .join(', ');
}

function numberOf(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function unitOf(bytes: number): number {
  return bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
}

/** Three digits at most, where that says enough: `1.25`, `12.5`, `125`. */
function inUnit(bytes: number, at: number): string {
  const amount = bytes / 1000 ** at;
  return String(Number(amount.toFixed(amount < 10 ? 2 : amount < 100 ? 1 : 0)));
}
