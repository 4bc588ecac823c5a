import { expect } from 'chai';
import {
  agoText,
  bytesText,
  offsetText,
  spanText,
} from '../../../../../services/dashboard/page/words/time.ts';

describe('services/dashboard/page/words/time', () => {
  for (const [ms, text] of [
    [0, '0 ms'],
    [0.21, '0.2 ms'],
    [850, '850 ms'],
    [3270, '3.2 s'],
    [9999, '9.9 s'],
    [12_900, '12 s'],
    [72_000, '1 min 12 s'],
    [7_500_000, '2 h 5 min'],
    [4 * 86_400_000, '4 days'],
  ] as const) {
    it(`says ${text} for ${ms} ms`, () => expect(spanText(ms)).to.equal(text));
  }

  for (const [ms, text] of [
    [-5000, 'just now'],
    [59_999, '59 s ago'],
    [60_000, '1 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [72 * 3_600_000, '3 days ago'],
  ] as const) {
    it(`says ${text} of what was ${ms} ms ago`, () => expect(agoText(ms)).to.equal(text));
  }

  it('counts from the beginning of a boot', () => {
    expect([412, 83_040, -3].map(offsetText)).to.deep.equal(['+0.412 s', '+83.0 s', '+0.000 s']);
  });

  it('says sizes as people do, and leaves what is none', () => {
    expect(['0', '999', '1190', '211534336', 'many', ''].map(bytesText)).to.deep.equal([
      '0 bytes',
      '999 bytes',
      '1.2 kB',
      '211.5 MB',
      'many',
      '',
    ]);
  });
});
