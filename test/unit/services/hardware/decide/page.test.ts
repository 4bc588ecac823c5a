import { expect } from 'chai';
import { checkPage, pageToken } from '../../../../../services/hardware/decide/page.ts';

describe('services/hardware/decide/page.ts', () => {
  it('begins at the first name, with 100 records unless told', () => {
    expect(checkPage({})).to.deep.equal({ size: 100, after: '' });
    expect(checkPage({ pageSize: 1000 })).to.deep.equal({ size: 1000, after: '' });
  });

  it('goes on after the name that its token holds', () => {
    expect(checkPage({ pageSize: 1, pageToken: pageToken('rack1-node07') })).to.deep.equal({
      size: 1,
      after: 'rack1-node07',
    });
  });

  for (const token of ['x', 'zz', '00', 'c3a4', pageToken('Not A Name')]) {
    it(`refuses the token ${JSON.stringify(token)}`, () => {
      const page = checkPage({ pageToken: token });
      expect('violations' in page && page.violations.map(({ field }) => field)).to.deep.equal(['page_token']);
    });
  }
});
