import { expect } from 'chai';
import { lackingIn, median, mediansOf, missedBy, type Row, type Scenario } from '../../../bench/scenario.ts';

const row: Row = {
  work: 'boots',
  unit: '/s',
  ours: 'smee rate',
  peer: { name: 'a peer', figure: 'peer rate' },
  ratio: 'ratio',
  limit: { name: 'the cable', figure: 'cable rate' },
  target: { figure: 'ratio', atLeast: 3, unit: '×' },
};
const walled: Row = {
  ...row,
  wall: {
    promise: 'boots',
    floor: { figure: 'ratio', atLeast: 2, unit: '×' },
    tried: 'much.',
    profile: 'a wall.',
  },
};
const figures = { 'smee rate': 30, 'peer rate': 10, ratio: 3, 'cable rate': 40, lost: 0 };

const scenario = (parts: Partial<Scenario> = {}): Scenario => ({
  title: 'boots',
  about: 'how many',
  measure: () => Promise.resolve(figures),
  rows: [row],
  shown: [],
  targets: [{ what: 'lost', figure: 'lost', atMost: 0, unit: '' }],
  ...parts,
});

describe('bench/scenario', () => {
  it('misses a target that is not reached, and one that was not measured', () => {
    const missed = (changed: object) =>
      missedBy(scenario(), { ...figures, ...changed }).map(({ what }) => what);
    expect(missed({})).to.deep.equal([]);
    expect(missed({ ratio: 2.99 })).to.deep.equal(['boots']);
    expect(missed({ lost: 1 })).to.deep.equal(['lost']);
    expect(missed({ ratio: Number.NaN, lost: Number.NaN })).to.deep.equal(['boots', 'lost']);
  });

  it('holds what stands before a wall to its floor', () => {
    const missed = (ratio: number) => missedBy(scenario({ rows: [walled] }), { ...figures, ratio });
    expect(missed(3)).to.deep.equal([]);
    expect(missed(2)).to.deep.equal([]);
    expect(missed(1.9)).to.deep.equal([{ what: 'boots', figure: 'ratio', atLeast: 2, unit: '×' }]);
  });

  it('finds every figure that a line of the table lacks', () => {
    expect(lackingIn(scenario(), figures)).to.deep.equal([]);
    expect(lackingIn(scenario(), {})).to.have.members(['smee rate', 'peer rate', 'ratio', 'cable rate']);
    expect(lackingIn(scenario(), { ...figures, ratio: Number.POSITIVE_INFINITY })).to.deep.equal(['ratio']);
    expect(lackingIn(scenario({ rows: [] }), {})).to.deep.equal([]);
  });

  it('takes the median of each figure over the runs that have it', () => {
    expect(mediansOf([{ a: 1, b: 9 }, { a: 3 }, { a: 2, b: Number.NaN }])).to.deep.equal({ a: 2, b: 9 });
    expect(median([4, 1, 3, 2])).to.equal(3);
    expect(median([])).to.be.NaN;
  });
});
