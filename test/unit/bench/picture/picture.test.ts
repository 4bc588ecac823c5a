import { expect } from 'chai';
import { drawPicture, type Picture } from '../../../../bench/picture/picture.ts';

const picture: Picture = {
  title: 'Pears & <apples>',
  x: { label: 'baskets', values: [1, 10, 100] },
  panels: [
    {
      title: 'Rate',
      unit: 'baskets/s',
      lines: [
        { name: 'we', colour: 'blue', values: [100, 1000, 10_000] },
        { name: 'they', colour: 'orange', dashed: true, values: [50, undefined, 0] },
      ],
    },
    { title: 'Weight', unit: 'kg', lines: [{ name: 'we', colour: 'blue', values: [2, 2, 2] }] },
    { title: 'Time', unit: 's', lines: [{ name: 'nobody', colour: 'green', values: [Number.NaN] }] },
  ],
};

const svg = drawPicture(picture);
const all = (pattern: RegExp): readonly string[] => [...svg.matchAll(pattern)].map(([, found = '']) => found);

describe('bench/picture/picture', () => {
  it('is one SVG of its own, in which every tag is closed', () => {
    expect(svg).to.match(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*>\n[\s\S]*<\/svg>\n$/);
    const open: string[] = [];
    for (const [, end, name = '', alone] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
      if (end) expect(open.pop()).to.equal(name);
      else if (!alone) open.push(name);
    }
    expect(open).to.deep.equal([]);
  });

  it('is the same for the same figures', () => {
    expect(drawPicture(picture)).to.equal(svg);
  });

  it('escapes what it is told', () => {
    expect(svg).to.include('Pears &amp; &lt;apples&gt;').and.not.include('<apples>');
  });

  it('has a title and a description for who cannot see it', () => {
    expect(svg).to.include('role="img"').and.include('aria-labelledby="title desc"');
    expect(all(/<title id="title">([^<]+)</g)).to.deep.equal(['Pears &amp; &lt;apples&gt;']);
    expect(all(/<desc id="desc">([^<]+)</g)).to.deep.equal([
      'Against baskets. Rate (baskets/s), we: 100 at 1, 10 k at 100. Rate (baskets/s), they: 50 at 1, 0 at 100. ' +
        'Weight (kg), we: 2 at 1, 2 at 100. Time (s), nobody: not measured.',
    ]);
  });

  it('says on its axes what is measured, in which unit, and against what', () => {
    const texts = all(/<text[^>]*>([^<]*)</g);
    expect(texts).to.include.members(['Rate', 'baskets/s', 'Weight', 'kg', 'baskets', 'we', 'they', '10 k']);
    expect(texts.filter((text) => text === 'baskets')).to.have.length(picture.panels.length);
  });

  it('brings both its colours of light and of dark, and its own paper', () => {
    const [light = '', dark = ''] = all(/svg\{(--paper:[^}]*)\}/g);
    const colours = (text: string) =>
      new Map(text.split(';').map((one) => one.split(':') as [string, string]));
    expect([...colours(light).keys()]).to.deep.equal([...colours(dark).keys()]);
    expect(svg).to.include('@media(prefers-color-scheme:dark)').and.include('<rect class="paper"');
    for (const shades of [colours(light), colours(dark)]) {
      const paper = luminance(shades.get('--paper')!);
      for (const [name, shade] of shades) {
        if (name === '--paper' || name === '--grid') continue;
        const [low = 0, high = 0] = [paper, luminance(shade)].toSorted((a, b) => a - b);
        expect((high + 0.05) / (low + 0.05), `${name} ${shade}`).to.be.at.least(4.5);
      }
    }
  });

  it('draws a line through its points, upwards where values rise', () => {
    const [we = ''] = all(/class="line" d="(M[^"]*L[^"]*)"/g);
    const points = [...we.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
    expect(points).to.have.length(3);
    for (const [at, [x, y]] of points.entries()) {
      const before = points[at - 1];
      if (before === undefined) continue;
      expect(x).to.be.above(before[0]);
      expect(y).to.be.below(before[1]);
    }
  });

  it('leaves a gap where nothing was measured, and no mark for a zero', () => {
    expect(all(/<title>(they: [^<]*)</g)).to.deep.equal(['they: 50 baskets/s at 1']);
    expect(svg).not.to.include('NaN').and.not.include('Infinity').and.not.include('undefined');
  });
});

/** WCAG 2.2: relative luminance of #rrggbb. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
