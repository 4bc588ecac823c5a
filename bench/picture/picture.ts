import { type Colour, drawPanel, type Panel, panelSize } from './panel.ts';
import { shortly } from './scale.ts';
import { element, lines, words } from './svg.ts';

/** Several things that were measured at the same points, a panel each, all axes logarithmic. */
export interface Picture {
  readonly title: string;
  readonly x: { readonly label: string; readonly values: readonly number[] };
  readonly panels: readonly Panel[];
}

const columns = 2;
const header = 48;

/** Ink on paper and on a dark screen. A colour is told from its neighbour by brightness and by its marks' shape, too. */
const colours: Readonly<Record<Colour | 'paper' | 'text' | 'quiet' | 'grid', readonly [string, string]>> = {
  paper: ['#ffffff', '#0d1117'],
  text: ['#1f2328', '#f0f6fc'],
  quiet: ['#59636e', '#9198a1'],
  grid: ['#d1d9e0', '#30363d'],
  blue: ['#0969da', '#58a6ff'],
  orange: ['#bc4c00', '#f0883e'],
  green: ['#1a7f37', '#3fb950'],
  purple: ['#8250df', '#bc8cff'],
};

/**
 * An SVG that stands by itself: it brings its own background, and follows the reader's light or dark mode. Who cannot see it hears
 * its title and a sentence for each line.
 */
export function drawPicture(picture: Picture): string {
  const { title, x, panels } = picture;
  const width = columns * panelSize.width;
  const height = header + Math.ceil(panels.length / columns) * panelSize.height;
  const drawn = panels.map((panel, at) => {
    const left = (at % columns) * panelSize.width;
    const top = header + Math.floor(at / columns) * panelSize.height;
    return element('g', { transform: `translate(${left} ${top})` }, drawPanel(panel, x));
  });
  const root = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': 'title desc',
    },
    lines(
      element('title', { id: 'title' }, words(title)),
      element('desc', { id: 'desc' }, words(describe(picture))),
      element('style', {}, words(style())),
      element('rect', { class: 'paper', width, height }),
      element('text', { class: 'heading', x: width / 2, y: 28 }, words(title)),
      ...drawn,
    ),
  );
  return `${root}\n`;
}

/** The picture in words: where each line begins and where it ends. */
function describe({ x, panels }: Picture): string {
  const told = panels.flatMap(({ title, unit, lines: all }) =>
    all.map(({ name, values }) => {
      const measured = x.values.flatMap((at, index) => {
        const value = values[index];
        return value === undefined || !Number.isFinite(value) ? [] : [`${shortly(value)} at ${shortly(at)}`];
      });
      const [first, ...rest] = measured;
      const path = rest.length === 0 ? (first ?? 'not measured') : `${first}, ${rest.at(-1)}`;
      return `${title} (${unit}), ${name}: ${path}.`;
    }),
  );
  return `Against ${x.label}. ${told.join(' ')}`;
}

function style(): string {
  const names = Object.entries(colours);
  const variables = (mode: 0 | 1) => names.map(([name, shades]) => `--${name}:${shades[mode]}`).join(';');
  const inks = names.map(([name]) => `.${name}{color:var(--${name})}`).join('');
  return [
    `svg{${variables(0)}}@media(prefers-color-scheme:dark){svg{${variables(1)}}}`,
    inks,
    'text{font:12px system-ui,sans-serif;fill:var(--quiet)}.heading,.name{fill:var(--text)}',
    '.heading{font-size:18px;font-weight:600;text-anchor:middle}.name{font-size:14px;font-weight:600}',
    '.middle{text-anchor:middle}.end{text-anchor:end}rect.paper{fill:var(--paper)}',
    '.rule{stroke:var(--grid)}.line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}',
    '.mark{fill:currentColor;stroke:var(--paper)}',
  ].join('');
}
