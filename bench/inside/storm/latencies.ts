/** How long answers took, in milliseconds, since it was asked last. */
export class Latencies {
  #all: number[] = [];

  add(ms: number): void {
    this.#all.push(ms);
  }

  /** Median, 99th percentile and the longest, in milliseconds; begins anew. */
  take(): { readonly p50: number; readonly p99: number; readonly max: number } {
    const sorted = Float64Array.from(this.#all).sort();
    this.#all = [];
    const part = (fraction: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0;
    return { p50: part(0.5), p99: part(0.99), max: part(1) };
  }
}
