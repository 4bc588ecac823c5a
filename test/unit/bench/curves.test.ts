import { expect } from 'chai';
import { type Curves, drawCurves, figuresAt, lineOfEach, rowsOf } from '../../../bench/curves.ts';

const curves: Curves = {
  file: 'bench-pears.svg',
  title: 'Pears, as the baskets grow',
  grows: 'baskets',
  points: [1, 1000],
  plots: [{ title: 'Rate', unit: 'pears/s', digits: 1, lines: lineOfEach('rate', 'smee', 'nginx') }],
  told: [{ title: 'Lost', unit: '%', lines: lineOfEach('lost', 'smee') }],
};

const figures = {
  ...figuresAt(1, 'smee', { rate: 20, lost: 3 }),
  ...figuresAt(1000, 'smee', { rate: 30 }),
  ...figuresAt(1000, 'nginx', { rate: 25 }),
};

describe('bench/curves', () => {
  it('has a row for each line and a column for each point, and finds the figures there', () => {
    const rows = rowsOf(curves);
    expect(rows.map(({ what }) => what)).to.deep.equal([
      'Rate, pears/s: smee',
      'Rate, pears/s: nginx',
      'Lost, %: smee',
    ]);
    const found = rows.map(({ columns }) =>
      Object.entries(columns).map(([column, figure]) => [column, figures[figure as keyof typeof figures]]),
    );
    expect(found).to.deep.equal([
      [
        ['1', 20],
        ['1 k', 30],
      ],
      [
        ['1', undefined],
        ['1 k', 25],
      ],
      [
        ['1', 3],
        ['1 k', undefined],
      ],
    ]);
  });

  it('draws the lines of its plots, where they were measured, and not what is only told', () => {
    const drawn = drawCurves(curves, figures);
    expect(Object.keys(drawn)).to.deep.equal(['bench-pears.svg']);
    const marks = [...(drawn['bench-pears.svg'] ?? '').matchAll(/<title>([^<]*)</g)].map(([, text]) => text);
    expect(marks).to.deep.equal([
      'smee: 20 pears/s at 1',
      'smee: 30 pears/s at 1 k',
      'nginx: 25 pears/s at 1 k',
    ]);
  });
});
