import { networkInterfaces } from 'node:os';
import { expect } from 'chai';
import { OwnNames } from '../../../../services/dashboard/own-names.ts';

describe('services/dashboard/own-names', () => {
  it('knows the addresses of this host, IPv6 in brackets, and the names that were set', () => {
    const names = new OwnNames(['smee.example']);
    for (const { address, family } of Object.values(networkInterfaces()).flatMap((all = []) => all))
      expect(names.has(family === 'IPv6' ? `[${address}]` : address), address).to.equal(true);
    expect(names.has('smee.example')).to.equal(true);
    expect(names.has('203.0.113.99')).to.equal(false);
  });

  it('goes by the address that an interface gets later, and no longer by the one that it had', () => {
    const clock = { now: 0 };
    let address = '192.168.77.1';
    let reads = 0;
    const read = () => {
      reads++;
      return [address];
    };
    const names = new OwnNames([], read, () => clock.now);
    expect(names.has('192.168.77.1')).to.equal(true);
    address = '192.168.77.9';
    clock.now = 999;
    expect(names.has('192.168.77.9')).to.equal(false);
    clock.now = 1000;
    expect(names.has('192.168.77.9')).to.equal(true);
    expect(names.has('192.168.77.1')).to.equal(false);
    // Whoever asks by foreign names without end makes us read no oftener.
    for (let at = 0; at < 1000; at++) names.has(`foreign-${at}`);
    expect(reads).to.equal(2);
  });
});
