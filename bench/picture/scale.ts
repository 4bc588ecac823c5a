/** A logarithmic axis: from which value to which, and where it is labelled. */
export interface Scale {
  readonly ticks: readonly number[];
  /** Where a value lies: 0 at the axis's begin, 1 at its end. Only values above 0 lie anywhere. */
  place(value: number): number;
}

/** From one round value to another, with labels where given. */
export function logScale(from: number, to: number, ticks: readonly number[]): Scale {
  const begin = Math.log10(from);
  const length = Math.log10(to) - begin;
  // An axis of one point has it in the middle.
  return { ticks, place: (value) => (length === 0 ? 0.5 : (Math.log10(value) - begin) / length) };
}

/** At least so many times the begin is the end of an axis: what hardly changes shall look like a line, not like a mountain. */
const leastSpan = 10;

/** Labels of one axis, at most; with more of them only the powers of ten remain. */
const mostTicks = 8;

/** A logarithmic axis around values, which begins and ends at 1, 2 or 5 times a power of ten. */
export function scaleAround(values: readonly number[]): Scale {
  const drawable = values.filter(isDrawable);
  if (drawable.length === 0) return logScale(1, leastSpan, [1, leastSpan]);
  const [least, most] = [Math.min(...drawable), Math.max(...drawable)];
  // What is missing to the least span is given above and below alike.
  const slack = Math.max(1, Math.sqrt((leastSpan * least) / most));
  const from = roundValues.findLast((value) => value <= (least / slack) * tolerance) ?? least;
  const to =
    roundValues.find((value) => value >= (most * slack) / tolerance && value >= from * leastSpan) ?? most;
  const between = roundValues.filter((value) => value >= from && value <= to);
  const ticks = between.length <= mostTicks ? between : between.filter(isPowerOfTen);
  return logScale(from, to, ticks);
}

/** Zero, what is negative and what was not measured have no place on a logarithmic axis. */
export function isDrawable(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value > 0;
}

/** With three digits at most, and k, M or G: 0.05, 1.2, 45 k, 1 M. */
export function shortly(value: number): string {
  const [size, unit] = prefixes.find(([least]) => value >= least) ?? [1, ''];
  return `${Number((value / size).toPrecision(3))}${unit}`;
}

const prefixes = [
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' k'],
] as const;

/** Whatever is measured lies between a nanosecond's millionth and what no machine reaches. */
const roundValues = Array.from({ length: 31 }, (_, at) => at - 15).flatMap((power) =>
  [1, 2, 5].map((digit) => Number(`${digit}e${power}`)),
);

/** 0.1 + 0.2 is a little more than 0.3. */
const tolerance = 1 + 1e-9;

function isPowerOfTen(value: number): boolean {
  const power = Math.log10(value);
  return Math.abs(power - Math.round(power)) < 1e-9;
}
