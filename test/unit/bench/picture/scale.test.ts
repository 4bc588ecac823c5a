import { expect } from 'chai';
import { logScale, scaleAround, shortly } from '../../../../bench/picture/scale.ts';

describe('bench/picture/scale', () => {
  it('gives every power of ten the same room', () => {
    const { place } = logScale(1, 10_000, [1, 10, 100, 1000, 10_000]);
    expect([1, 10, 100, 1000, 10_000].map(place)).to.deep.equal([0, 0.25, 0.5, 0.75, 1]);
  });

  it('has the only point of an axis in its middle', () => {
    expect(logScale(1000, 1000, [1000]).place(1000)).to.equal(0.5);
  });

  const axes: readonly (readonly [what: string, values: readonly number[], ticks: readonly number[]])[] = [
    ['begins and ends at round values around what it shows', [3, 45], [2, 5, 10, 20, 50]],
    [
      'leaves what hardly changes a line in the middle',
      [44_000, 46_000],
      [10_000, 20_000, 50_000, 100_000, 200_000],
    ],
    ['keeps round values as ends when they are values', [1, 10], [1, 2, 5, 10]],
    [
      'is labelled by powers of ten when it is long',
      [1, 1_000_000],
      [1, 10, 100, 1000, 10_000, 100_000, 1_000_000],
    ],
    ['has room below one', [0.05, 0.3], [0.02, 0.05, 0.1, 0.2, 0.5]],
    [
      'has no room for zero, for what is negative, and for what is no number',
      [0, -1, Number.NaN, 1, 10],
      [1, 2, 5, 10],
    ],
    ['is there without any value', [], [1, 10]],
  ];
  for (const [what, values, ticks] of axes) {
    it(what, () => {
      const scale = scaleAround(values);
      expect(scale.ticks).to.deep.equal(ticks);
      for (const value of values.filter((one) => one > 0)) expect(scale.place(value)).to.be.within(0, 1);
    });
  }

  const texts: readonly (readonly [value: number, text: string])[] = [
    [0.05, '0.05'],
    [1, '1'],
    [1.234, '1.23'],
    [999, '999'],
    [1000, '1 k'],
    [44_522, '44.5 k'],
    [1_000_000, '1 M'],
    [2.5e9, '2.5 G'],
    [0, '0'],
  ];
  for (const [value, text] of texts) {
    it(`writes ${value} as ${text}`, () => {
      expect(shortly(value)).to.equal(text);
    });
  }
});
