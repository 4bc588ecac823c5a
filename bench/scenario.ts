/** What one scenario measures, and what is asked of it. */
export interface Scenario {
  readonly title: string;
  /** Markdown: how it is measured, and what the figures mean. */
  readonly about: string;
  /** Runs it once; figures by name. */
  measure(how: Effort): Promise<Figures>;
  /** Its lines of the table at the top of the page. */
  readonly rows?: readonly Row[];
  /** The figures in the document, in this order. */
  readonly shown: readonly Shown[];
  readonly targets: readonly Target[];
  /** Pictures of the figures: the names of files below docs/images, and their SVG, whose title is the text for who cannot see it. */
  draw?(figures: Figures): Readonly<Record<string, string>>;
  /** Is measured once, not five times: it repeats within itself, or what it shows is a shape. */
  readonly once?: true;
  /** Is measured only when it is named: it takes too long for a run of everything. */
  readonly apart?: true;
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

/** What the median of a figure is held to. */
export interface Bound {
  readonly figure: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly unit: string;
  readonly digits?: number;
}

export interface Target extends Bound {
  readonly what: string;
}

/** One work, done by us and by a peer in the same run. Every figure that it names must have been measured. */
export interface Row {
  readonly work: string;
  readonly unit: string;
  readonly digits?: number;
  readonly ours: string;
  /** Who else does it, and the figure of that. */
  readonly peer?: { readonly name: string; readonly figure: string };
  /** Ours by the peer's, taken within a run. */
  readonly ratio?: string;
  /** What could not be passed whoever did it, and the figure of that where it can be measured. */
  readonly limit: { readonly name: string; readonly figure?: string };
  readonly target: Bound;
  readonly wall?: Wall;
}

/** Why a target is out of reach here. What has been reached is held instead. */
export interface Wall {
  /** The promise that stands before it: rows that are one promise have one. */
  readonly promise: string;
  readonly floor: Bound;
  /** Markdown: what was tried. */
  readonly tried: string;
  /** Markdown: what the profile shows. */
  readonly profile: string;
}

export function isMet({ figure, atLeast, atMost }: Bound, figures: Figures): boolean {
  const value = figures[figure] ?? Number.NaN;
  if (Number.isNaN(value)) return false;
  return (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
}

/** What a run must not end with: targets that are missed, and floors of walls. */
export function missedBy({ rows = [], targets }: Scenario, figures: Figures): readonly Target[] {
  const held = rows.map(({ work, target, wall }): Target => {
    const bound = wall === undefined || isMet(target, figures) ? target : wall.floor;
    return { ...bound, what: work };
  });
  return [...held, ...targets].filter((target) => !isMet(target, figures));
}

/** The names of figures that a scenario's rows need and that are no numbers. */
export function lackingIn({ rows = [] }: Scenario, figures: Figures): readonly string[] {
  const needed = rows.flatMap(({ ours, peer, ratio, limit, target }) => [
    ours,
    peer?.figure,
    ratio,
    limit.figure,
    target.figure,
  ]);
  return [...new Set(needed)].filter(
    (figure): figure is string => figure !== undefined && !Number.isFinite(figures[figure]),
  );
}

/** Each figure's median over the runs. */
export function mediansOf(runs: readonly Figures[]): Figures {
  const names = new Set(runs.flatMap((run) => Object.keys(run)));
  return Object.fromEntries(
    [...names].map((name) => [name, median(runs.map((run) => run[name] ?? Number.NaN))]),
  );
}

/** Of those that are numbers; of an even number the upper one; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
