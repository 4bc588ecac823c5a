/** How long something took or takes, in the two largest units that matter: `850 ms`, `3.2 s`, `1 min 12 s`, `2 h 5 min`. */
export function spanText(ms: number): string {
  if (ms < 1) return ms < 0.05 ? '0 ms' : `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/** How long ago something was, in one unit: a list of them stays calm. */
export function agoText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

/** After the beginning of a boot: `+0.412 s`, `+83.0 s`. */
export function offsetText(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  return `+${seconds < 60 ? seconds.toFixed(3) : seconds.toFixed(1)} s`;
}

/** Of the operator's own clock and zone. */
export function clockText(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** As a file manager says it: `1.2 kB`, `11.5 MB`; what is no number stays as it is. */
export function bytesText(text: string): string {
  const bytes = Number(text);
  if (!Number.isFinite(bytes) || text.trim() === '') return text;
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const at = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), 3);
  return `${at === 0 ? bytes : (bytes / 1000 ** at).toFixed(1)} ${units[at]}`;
}
