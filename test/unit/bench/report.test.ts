import { expect } from 'chai';
import { describeRows, describeScenario } from '../../../bench/report.ts';
import type { Row, Scenario } from '../../../bench/scenario.ts';

const row: Row = {
  work: 'boots',
  unit: '/s',
  ours: 'smee',
  peer: { name: 'a peer', figure: 'peer' },
  ratio: 'ratio',
  limit: { name: 'the cable', figure: 'cable' },
  target: { figure: 'ratio', atLeast: 4, unit: ' ×', digits: 1 },
};
const scenario = (one: Row): Scenario => ({
  title: 'boots',
  about: 'how many',
  measure: () => Promise.resolve({}),
  rows: [one],
  shown: [{ what: 'rate', columns: { smee: 'smee', 'smee / peer': 'ratio' }, unit: '/s' }],
  targets: [{ what: 'lost', figure: 'lost', atMost: 1, unit: ' %', digits: 1 }],
});
const figures = { smee: 30, peer: 10, ratio: 3, cable: 40, lost: 0.5 };
const lineOf = (one: Row, measured: Readonly<Record<string, number>>) =>
  describeRows([[scenario(one), measured]]).split('\n')[2];

describe('bench/report', () => {
  it('has a line for a work, with its peer, ours, the ratio, the target and the limit', () => {
    expect(lineOf(row, { ...figures, ratio: 4 })).to.equal(
      '| boots | 10/s (a peer) | 30/s | 4.00 × | ≥ 4.0 × | 40/s (the cable) | met |',
    );
  });

  it('says that a target is missed', () => {
    expect(lineOf(row, figures)).to.match(/\| \*\*missed\*\* \|$/);
    expect(lineOf(row, {})).to.equal('| boots | – (a peer) | – | – | ≥ 4.0 × | – (the cable) | **missed** |');
  });

  it('says by how much, what was tried and what the wall is, where there is one', () => {
    const wall = {
      promise: 'boots',
      floor: { figure: 'ratio', atLeast: 2, unit: ' ×', digits: 1 },
      tried: 'threads.',
      profile: 'the cable.',
    };
    const text = describeRows([[scenario({ ...row, wall }), figures]]);
    expect(text).to.include('| missed by 25 % |');
    expect(text).to.include(
      '- **boots** misses its target by 25 %; what is held is ≥ 2.0 ×. Tried: threads. The wall: the cable.',
    );
    expect(describeRows([[scenario({ ...row, wall }), { ...figures, ratio: 4 }]])).not.to.include('wall');
  });

  it('counts what is too much in the same way', () => {
    const wall = {
      promise: 'boots',
      floor: { figure: 'ratio', atMost: 9, unit: '' },
      tried: '',
      profile: '',
    };
    const most = { ...row, target: { figure: 'ratio', atMost: 2, unit: '' }, wall };
    expect(lineOf(most, figures)).to.match(/missed by 50 %/);
  });

  it('shows the figures and the targets of a scenario', () => {
    expect(describeScenario(scenario(row), figures)).to.equal(
      [
        '| median | smee | smee / peer |',
        '| --- | --- | --- |',
        '| rate | 30/s | 3.00 × |',
        '',
        '| target | bound | measured |  |',
        '| --- | --- | --- | --- |',
        '| lost | ≤ 1.0 % | 0.5 % | met |',
      ].join('\n'),
    );
  });
});
