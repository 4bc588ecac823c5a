import { expect } from 'chai';
import { formatIp4, parseIp4 } from '#shared/ip4.ts';
import { SelfProbe } from '#shared/udp/self-probe.ts';

const bound = { address: 0, port: 67, device: undefined };

describe('shared/udp/self-probe.ts', () => {
  for (const [what, of, to] of [
    ['all addresses', bound, '127.0.0.1'],
    ['one address', { ...bound, address: parseIp4('192.168.77.1')! }, '192.168.77.1'],
    ['a device', { ...bound, device: 'br0' }, '224.0.0.1'],
    ['the device of loopback', { ...bound, device: 'lo' }, '127.0.0.1'],
  ] as const) {
    it(`goes to ${to}, and to the own port, from what is bound to ${what}`, () => {
      const sent = new SelfProbe(of).next(0);
      expect([formatIp4(sent!.address), sent!.port]).to.deep.equal([to, 67]);
    });
  }

  it('goes nowhere from what is bound to a device and to an address, which then counts as sound', () => {
    const probe = new SelfProbe({ ...bound, device: 'br0', address: parseIp4('192.168.77.1')! });
    for (let times = 0; times < 4; times++) expect(probe.next(0)).to.equal(undefined);
    expect(probe.isDeaf).to.equal(false);
  });

  it('tells of deafness after two misses in a row, until something is heard', () => {
    const probe = new SelfProbe(bound);
    const deafAfter = (received: number) => {
      probe.next(received);
      return probe.isDeaf;
    };
    expect([deafAfter(0), deafAfter(0), deafAfter(0)]).to.deep.equal([false, false, true]);
    expect([deafAfter(1), deafAfter(1), deafAfter(1)]).to.deep.equal([false, false, true]);
    expect(probe.take(probe.next(1)!.bytes)).to.equal(true);
    expect(deafAfter(1)).to.equal(false);
  });

  it('takes only what it sent last, and that once', () => {
    const probe = new SelfProbe(bound);
    const first = probe.next(0)!.bytes.slice();
    const second = probe.next(0)!.bytes.slice();
    expect(first).not.to.deep.equal(second);
    expect([first, second.slice(1), second, second].map((bytes) => probe.take(bytes))).to.deep.equal([
      false,
      false,
      true,
      false,
    ]);
  });
});
