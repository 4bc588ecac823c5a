/** What one scenario measures, and what is asked of it. */
export interface Scenario {
  readonly title: string;
  /** Markdown: how it is measured, and what the figures mean. */
  readonly about: string;
  /** Runs it once; figures by name. */
  measure(how: Effort): Promise<Figures>;
  /** The figures in the document, in this order. */
  readonly shown: readonly Shown[];
  readonly targets: readonly Target[];
}

/** `quick` looks whether everything works, and how fast about; the other is what is written down. */
export type Effort = 'quick' | 'full';

export type Figures = Readonly<Record<string, number>>;

export interface Shown {
  /** The row's name. */
  readonly what: string;
  /** A column's name, and the figure that stands there. */
  readonly columns: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly digits?: number;
}

/** A bound that the median of a figure is held to. */
export interface Target {
  readonly what: string;
  readonly figure: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly unit: string;
  readonly digits?: number;
}

export function isMet({ atLeast, atMost }: Target, value: number): boolean {
  if (Number.isNaN(value)) return false;
  return (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
}

/** Of those that are numbers; of an even number the upper one; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
