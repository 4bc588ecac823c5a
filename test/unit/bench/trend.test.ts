import { expect } from 'chai';
import { growth } from '../../../bench/trend.ts';

const cases: readonly (readonly [what: string, values: readonly number[], grows: number])[] = [
  ['values that stay', [100, 100, 100], 0],
  ['values that rise steadily', [90, 95, 100, 105, 110], 0.2],
  ['values that fall steadily', [110, 100, 90], -0.2],
  ['values that swing around their mean', [100, 90, 100, 110, 100, 90, 100], 0],
  ['one value', [100], 0],
];

describe('bench/trend.ts', () => {
  for (const [what, values, grows] of cases) {
    it(`finds a growth of ${grows} in ${what}`, () => {
      expect(growth(values)).to.be.closeTo(grows, 0.02);
    });
  }
});
