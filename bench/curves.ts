import type { Colour, Line, Panel } from './picture/panel.ts';
import { drawPicture } from './picture/picture.ts';
import { shortly } from './picture/scale.ts';
import type { Figures, Scenario, Shown, Target } from './scenario.ts';

/** What work costs as it grows: measured at each point, drawn as one picture, and told as the table below it. */
export interface Curves {
  /** The picture's file in docs/images. */
  readonly file: string;
  readonly title: string;
  /** What grows: 'records'. */
  readonly grows: string;
  readonly points: readonly number[];
  readonly plots: readonly Plot[];
  /** Told in the table, and not drawn. */
  readonly told?: readonly Plot[];
}

/** One panel of the picture, and its rows of the table. */
export interface Plot {
  readonly title: string;
  readonly unit: string;
  readonly digits?: number;
  readonly lines: readonly PlotLine[];
}

export interface PlotLine extends Pick<Line, 'name' | 'colour' | 'dashed'> {
  /** What `at` makes the name of a figure of. */
  readonly figure: string;
}

/** Who has which colour, in every picture. */
const colours: Readonly<Record<string, Colour>> = {
  smee: 'blue',
  Kea: 'orange',
  dhcpd: 'green',
  dnsmasq: 'orange',
  'tftpd-hpa': 'green',
  nginx: 'orange',
};

/** The same figure of several, a line each. */
export function lineOfEach(figure: string, ...names: readonly string[]): readonly PlotLine[] {
  return names.map((name) => ({ name, figure: `${name} ${figure}`, colour: colours[name] ?? 'purple' }));
}

/** The name of a figure at one point. */
export function at(figure: string, point: number): string {
  return `${figure} at ${point}`;
}

/** Somebody's figures at one point, under the names that tables and pictures look for. */
export function figuresAt(point: number, who: string, figures: Figures): Figures {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [at(`${who} ${name}`, point), value]),
  );
}

/** Measured once: what is looked at is the shape. */
export function curvesScenario(
  curves: Curves,
  parts: Pick<Scenario, 'about' | 'measure' | 'targets'>,
): Scenario {
  return {
    title: curves.title,
    ...parts,
    once: true,
    draw: (figures) => drawCurves(curves, figures),
    shown: rowsOf(curves),
  };
}

/** The figure `rate kept`: a rate where much is done, by the rate where little is. */
export function rateKept(what: string): Target {
  return { what, figure: 'rate kept', atLeast: 0.8, unit: '×', digits: 2 };
}

/** A row for each line, a column for each point. */
export function rowsOf({ points, plots, told = [] }: Curves): readonly Shown[] {
  return [...plots, ...told].flatMap(({ title, unit, digits = 0, lines }) =>
    lines.map(({ name, figure }) => ({
      what: `${title}, ${unit}: ${name}`,
      columns: Object.fromEntries(points.map((point) => [shortly(point), at(figure, point)])),
      unit: '',
      digits,
    })),
  );
}

/** The picture, under its file's name. */
export function drawCurves(curves: Curves, figures: Figures): Readonly<Record<string, string>> {
  const { file, title, grows, points, plots } = curves;
  const panels = plots.map(
    ({ title: what, unit, lines }): Panel => ({
      title: what,
      unit,
      lines: lines.map(({ figure, ...line }) => ({
        ...line,
        values: points.map((point) => figures[at(figure, point)]),
      })),
    }),
  );
  return { [file]: drawPicture({ title, x: { label: grows, values: points }, panels }) };
}
