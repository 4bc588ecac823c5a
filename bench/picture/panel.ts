import { isDrawable, logScale, type Scale, scaleAround, shortly } from './scale.ts';
import { lines as below, element, type Markup, words } from './svg.ts';

export type Colour = 'blue' | 'orange' | 'green' | 'purple';

/** One thing that was measured, by one or several. */
export interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly name: string;
  readonly colour: Colour;
  readonly dashed?: boolean;
  /** One for each point of the picture's x axis; where there is none, the line has a gap. */
  readonly values: readonly (number | undefined)[];
}

/** Pixels. */
export const panelSize = { width: 420, height: 270 };
const plot = { left: 66, right: 404, top: 52, bottom: 222 };

/** Draws a panel with its left upper corner at the origin. */
export function drawPanel(
  { title, unit, lines }: Panel,
  x: { label: string; values: readonly number[] },
): Markup {
  const across = logScale(Math.min(...x.values), Math.max(...x.values), x.values);
  const upwards = scaleAround(lines.flatMap(({ values }) => values.filter(isDrawable)));
  const toX = (value: number) => plot.left + across.place(value) * (plot.right - plot.left);
  const toY = (value: number) => plot.bottom - upwards.place(value) * (plot.bottom - plot.top);
  const middle = (plot.left + plot.right) / 2;
  const centre = (plot.top + plot.bottom) / 2;
  return below(
    element('text', { class: 'name', x: plot.left, y: 16 }, words(title)),
    ...legend(lines),
    ...rules(upwards, toY),
    ...x.values.map((value) =>
      element('text', { class: 'middle', x: toX(value), y: plot.bottom + 18 }, words(shortly(value))),
    ),
    element('text', { class: 'middle', x: middle, y: plot.bottom + 38 }, words(x.label)),
    element('text', { class: 'middle', transform: `translate(16 ${centre}) rotate(-90)` }, words(unit)),
    ...lines.map((line) => drawLine(line, unit, x, toX, toY)),
  );
}

/** A line of the legend: a sample of so many pixels, room beside it, and letters of about this width. */
const sample = { width: 22, room: 5, apart: 10 };
const letter = 6.8;

function legend(lines: readonly Line[]): Markup[] {
  const widths = lines.map(({ name }) => sample.width + sample.room + name.length * letter + sample.apart);
  const whole = widths.reduce((sum, width) => sum + width, 0) - sample.apart;
  // A long one begins left of the plot.
  let left = Math.min(plot.left, Math.max(0, plot.right - whole));
  return lines.map((line, index) => {
    const drawn = [
      element('path', {
        class: 'line',
        'stroke-dasharray': dashes(line),
        d: `M${left.toFixed(1)} 32h${sample.width}`,
      }),
      mark(line.colour, left + sample.width / 2, 32),
      element('text', { x: left + sample.width + sample.room, y: 36 }, words(line.name)),
    ];
    left += widths[index] ?? 0;
    return element('g', { class: line.colour }, ...drawn);
  });
}

function rules(scale: Scale, toY: (value: number) => number): Markup[] {
  return scale.ticks.map((tick) => {
    const y = toY(tick);
    return element(
      'g',
      {},
      element('path', { class: 'rule', d: `M${plot.left} ${Math.round(y) + 0.5}H${plot.right}` }),
      element('text', { class: 'end', x: plot.left - 8, y: y + 4 }, words(shortly(tick))),
    );
  });
}

function drawLine(
  line: Line,
  unit: string,
  x: { values: readonly number[] },
  toX: (value: number) => number,
  toY: (value: number) => number,
): Markup {
  const { name, colour, values } = line;
  let path = '';
  let connected = false;
  const marks: Markup[] = [];
  for (const [index, at] of x.values.entries()) {
    const value = values[index];
    const drawable = isDrawable(value);
    if (drawable) {
      const [left, top] = [toX(at), toY(value)];
      path += `${connected ? 'L' : 'M'}${left.toFixed(1)} ${top.toFixed(1)}`;
      const told = element('title', {}, words(`${name}: ${shortly(value)} ${unit} at ${shortly(at)}`));
      marks.push(element('g', {}, told, mark(colour, left, top)));
    }
    connected = drawable;
  }
  const drawn = element('path', { class: 'line', 'stroke-dasharray': dashes(line), d: path });
  return element('g', { class: colour }, drawn, ...marks);
}

function dashes({ dashed = false }: Line): string | undefined {
  return dashed ? '5 4' : undefined;
}

/** Each colour has a shape of its own. */
function mark(colour: Colour, x: number, y: number): Markup {
  const shapes: Readonly<Record<Colour, string>> = {
    blue: 'm-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z',
    orange: 'm-4 -4h8v8h-8z',
    green: 'm0 -5.5l5 9h-10z',
    purple: 'm0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z',
  };
  return element('path', { class: 'mark', d: `M${x.toFixed(1)} ${y.toFixed(1)}${shapes[colour]}` });
}
