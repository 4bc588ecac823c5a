/**
 * By how much values grow from the first to the last along the straight line of least squares through them, as a part of their mean.
 * 0 of fewer than two.
 */
export function growth(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let along = 0;
  let square = 0;
  for (const [at, value] of values.entries()) {
    along += (at - middle) * (value - mean);
    square += (at - middle) ** 2;
  }
  return square === 0 ? 0 : ((along / square) * (values.length - 1)) / mean;
}
