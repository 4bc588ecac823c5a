/** A time as it is shown: of the day, or since a boot began. */
export type Clock = (unixMilli: number) => string;

/** `250 ms`, `4.2 s`, `1 min 5 s` */
export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** `2026-07-01 14:03:07`, by the clock of this host. */
export function dateAndTime(unixMilli: number): string {
  const at = new Date(unixMilli);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${timeOf(at)}`;
}

/** `14:03:07.250`, by the clock of this host. */
export const timeOfDay: Clock = (unixMilli) => {
  const at = new Date(unixMilli);
  return `${timeOf(at)}.${String(at.getMilliseconds()).padStart(3, '0')}`;
};

function timeOf(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
