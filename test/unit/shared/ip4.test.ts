import { expect } from 'chai';
import fc from 'fast-check';
import {
  broadcastOf,
  formatIp4,
  inCidr,
  maskOf,
  parseCidr,
  parseIp4,
  prefixLength,
  sameNetwork,
} from '#shared/ip4.ts';

const ip = (text: string) => parseIp4(text)!;

describe('shared/ip4.ts', () => {
  it('reads back every address that it writes', () => {
    fc.assert(fc.property(fc.nat(0xffff_ffff), (address) => parseIp4(formatIp4(address)) === address));
    expect(ip('255.255.255.255')).to.equal(0xffff_ffff);
    expect(formatIp4(0xc0a8_4d01)).to.equal('192.168.77.1');
  });

  for (const wrong of [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4 ',
    '1.2.3.-4',
    '0x1.2.3.4',
    '::1',
    '1.2.3.4\n',
  ]) {
    it(`refuses ${JSON.stringify(wrong)}`, () => expect(parseIp4(wrong)).to.equal(undefined));
  }

  it('knows masks by their length', () => {
    for (let prefix = 0; prefix <= 32; prefix++) expect(prefixLength(maskOf(prefix))).to.equal(prefix);
    for (const holed of ['255.0.255.0', '0.255.255.255', '255.255.255.1'])
      expect(prefixLength(ip(holed))).to.equal(undefined);
  });

  it('computes the directed broadcast', () => {
    expect(broadcastOf(ip('192.168.77.107'), ip('255.255.255.0'))).to.equal(ip('192.168.77.255'));
    expect(broadcastOf(ip('10.1.2.3'), ip('255.255.240.0'))).to.equal(ip('10.1.15.255'));
  });

  it('tells networks apart, above 128.0.0.0 too', () => {
    expect(sameNetwork(ip('200.1.1.1'), ip('200.1.1.200'), maskOf(24))).to.equal(true);
    expect(sameNetwork(ip('200.1.1.1'), ip('72.1.1.1'), maskOf(1))).to.equal(false);
  });

  const cidrs: readonly [string, { network: number; prefix: number } | undefined][] = [
    ['10.20.0.0/16', { network: ip('10.20.0.0'), prefix: 16 }],
    ['200.0.0.1', { network: ip('200.0.0.1'), prefix: 32 }],
    ['0.0.0.0/0', { network: 0, prefix: 0 }],
    ['10.20.0.1/16', undefined],
    ['10.0.0.0/33', undefined],
    ['10.0.0.0/', undefined],
    ['10.0.0.0/8/8', undefined],
    ['10.0.0/8', undefined],
  ];
  for (const [written, cidr] of cidrs) {
    it(`${cidr === undefined ? 'refuses' : 'reads'} ${written}`, () =>
      expect(parseCidr(written)).to.deep.equal(cidr));
  }

  it('finds an address in its network only', () => {
    const cidr = parseCidr('200.20.0.0/16')!;
    expect(inCidr(ip('200.20.255.255'), cidr)).to.equal(true);
    expect(inCidr(ip('200.21.0.0'), cidr)).to.equal(false);
    expect(inCidr(ip('1.2.3.4'), { network: 0, prefix: 0 })).to.equal(true);
  });
});
