import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { interfaceMtu } from '../../../../services/tftp/mtu.ts';

const numberIn = (file: string) => Number(readFileSync(`/sys/class/net/lo/${file}`, 'latin1'));

describe('services/tftp/mtu', () => {
  it('knows the MTU of an interface by its index', () => {
    expect(interfaceMtu(numberIn('ifindex'))).to.equal(numberIn('mtu'));
  });

  it('takes an interface that it does not know for Ethernet', () => {
    expect(interfaceMtu(2 ** 31 - 1)).to.equal(1500);
  });
});
