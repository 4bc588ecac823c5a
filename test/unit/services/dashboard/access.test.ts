import { expect } from 'chai';
import { Access } from '../../../../services/dashboard/access.ts';

const limits = { burst: 3, perSecond: 0, addresses: 2 };
const token = 'a-token-of-the-tests';

describe('services/dashboard/access', () => {
  it('lets nobody write without a token of its own', () => {
    const access = new Access(undefined, limits);
    expect(access.writable).to.equal(false);
    expect(access.check(`Bearer ${token}`, 'a')).to.equal('no-token-set');
  });

  it('tells right, wrong and none', () => {
    const access = new Access(token, limits);
    expect(access.check(undefined, 'a')).to.equal('none');
    expect(access.check(`Bearer ${token}`, 'a')).to.equal('right');
    expect(access.check(`Bearer ${token}x`, 'a')).to.equal('wrong');
    expect(access.check('Bearer ', 'b')).to.equal('wrong');
  });

  it('takes no password for a token, which a proxy before us asked for and handed on', () => {
    const access = new Access(token, limits);
    const tries = Array.from({ length: 5 }, () => access.check('Basic dTpw', 'a'));
    expect(tries).to.deep.equal(['none', 'none', 'none', 'none', 'none']);
  });

  it('looks at no more tokens of an address after a few wrong ones, the right one among them', () => {
    const access = new Access(token, limits);
    const tries = Array.from({ length: 5 }, () => access.check('Bearer wrong', 'a'));
    expect(tries).to.deep.equal(['wrong', 'wrong', 'wrong', 'limited', 'limited']);
    expect(access.check(`Bearer ${token}`, 'a')).to.equal('limited');
    expect(access.check(`Bearer ${token}`, 'b')).to.equal('right');
  });

  it('forgets the wrong ones after a right one', () => {
    const access = new Access(token, limits);
    for (const shown of ['Bearer x', 'Bearer x', `Bearer ${token}`, 'Bearer x', 'Bearer x'])
      access.check(shown, 'a');
    expect(access.check('Bearer x', 'a')).to.equal('wrong');
  });

  it('remembers a bounded number of addresses', () => {
    const access = new Access(token, { ...limits, burst: 1 });
    for (const peer of ['a', 'b', 'c']) access.check('Bearer x', peer);
    expect(access.check('Bearer x', 'c')).to.equal('limited');
    expect(access.check('Bearer x', 'a')).to.equal('wrong');
  });
});
