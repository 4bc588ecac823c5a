import { expect } from 'chai';
import fc from 'fast-check';
import { negotiate } from '../../../../../services/tftp/decide/negotiate.ts';
import type { Option } from '../../../../../services/tftp/wire/packet.ts';

const limits = { blockSize: 512, mtu: 1500, timeout: 5000 };
const size = 1_234_567;
const accepted = (...asked: Option[]) => negotiate(asked, size, limits).accepted;

describe('services/tftp/decide/negotiate', () => {
  it('keeps to 512 bytes in lockstep, without an OACK, when nothing is asked for', () => {
    expect(negotiate([], size, limits)).to.deep.equal({
      blockSize: 512,
      windowSize: 1,
      firstWait: 500,
      longestWait: 5000,
      askedWait: undefined,
      accepted: [],
    });
  });

  for (const [name, asked, answer] of [
    ['the smallest block', ['blksize', '8'], '8'],
    ['a block that fits', ['blksize', '1408'], '1408'],
    ['the largest block that fits the MTU', ['blksize', '1468'], '1468'],
    ['a block that does not fit, made smaller', ['blksize', '1469'], '1468'],
    ['the largest block of the RFC, made smaller', ['blksize', '65464'], '1468'],
    ['the size of the file', ['tsize', '0'], '1234567'],
    ['a size that the client already knows, corrected', ['tsize', '99'], '1234567'],
    ['the shortest timeout', ['timeout', '1'], '1'],
    ['the longest timeout', ['timeout', '255'], '255'],
    ['a window', ['windowsize', '4'], '4'],
    ['a window too large for our memory, made smaller', ['windowsize', '65535'], '64'],
  ] as const) {
    it(`accepts ${name}`, () => expect(accepted(asked)).to.deep.equal([[asked[0], answer]]));
  }

  for (const [name, ...asked] of [
    ['a block below 8', 'blksize', '7'],
    ['a block above 65464', 'blksize', '65465'],
    ['a negative block', 'blksize', '-1'],
    ['a block that is no number', 'blksize', '1e3'],
    ['a number with spaces', 'blksize', ' 512'],
    ['an empty value', 'blksize', ''],
    ['a number beyond every integer', 'tsize', '99999999999999999999'],
    ['a timeout of 0', 'timeout', '0'],
    ['a timeout of 256', 'timeout', '256'],
    ['a window of 0', 'windowsize', '0'],
    ['a window above 65535', 'windowsize', '65536'],
    ['an unknown option', 'multicast', ''],
    ['a name that every object has', 'constructor', '1'],
  ] as const) {
    it(`passes over ${name}`, () => expect(accepted(asked)).to.deep.equal([]));
  }

  it('answers in the order and spelling of the client, each option once', () => {
    const asked: Option[] = [
      ['WindowSize', '8'],
      ['x', 'y'],
      ['TSIZE', '0'],
      ['blksize', '1024'],
      ['tsize', '1'],
      ['BLKSIZE', '8'],
    ];
    expect(accepted(...asked)).to.deep.equal([
      ['WindowSize', '8'],
      ['TSIZE', '1234567'],
      ['blksize', '1024'],
    ]);
  });

  it('never goes below 512 bytes for a strange MTU', () => {
    expect(negotiate([['blksize', '1468']], size, { ...limits, mtu: 68 }).blockSize).to.equal(512);
  });

  it('keeps to the largest block that the operator allows, and to 512 for who asks for none', () => {
    const limited = { ...limits, blockSize: 1024 };
    expect(negotiate([['blksize', '1468']], size, limited).blockSize).to.equal(1024);
    expect(negotiate([['blksize', '600']], size, limited).blockSize).to.equal(600);
    expect(negotiate([], size, limited).blockSize).to.equal(512);
    expect(negotiate([['blksize', '9000']], size, { ...limits, blockSize: 8192 }).blockSize).to.equal(1468);
  });

  it('bounds the memory of a window', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 65_464 }),
        fc.integer({ min: 1, max: 65_535 }),
        (blksize, windowsize) => {
          const asked: Option[] = [
            ['blksize', String(blksize)],
            ['windowsize', String(windowsize)],
          ];
          const terms = negotiate(asked, size, { ...limits, mtu: 65_536 });
          expect(terms.blockSize).to.equal(blksize);
          expect(terms.windowSize).to.be.within(1, Math.min(windowsize, 64));
          expect(terms.windowSize * terms.blockSize).to.be.at.most(128 * 1024);
        },
      ),
    );
  });

  it('waits as long as the client says, once it has answered', () => {
    expect(negotiate([['timeout', '3']], size, limits).askedWait).to.equal(3000);
  });
});
