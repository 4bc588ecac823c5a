import { expect } from 'chai';
import { scenarios } from '../../bench/scenarios.ts';

const rows = Object.values(scenarios).flatMap(({ rows: own = [] }) => own);

describe('what the benchmarks promise', () => {
  it('is out of reach for three works at most, and then it is said why', () => {
    const walls = rows.flatMap(({ work, wall }) => (wall === undefined ? [] : [{ work, ...wall }]));
    expect(walls.map(({ work }) => work)).to.have.lengthOf.at.most(3);
    for (const { work, tried, profile } of walls) {
      expect(tried.length, work).to.be.above(40);
      expect(profile.length, work).to.be.above(40);
    }
  });

  it('names each work once', () => {
    const works = rows.map(({ work }) => work);
    expect([...new Set(works)]).to.deep.equal(works);
  });
});
