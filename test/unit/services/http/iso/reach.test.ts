import { expect } from 'chai';
import { nearnessOf } from '../../../../../services/http/iso/reach.ts';

describe('services/http/iso/reach.ts', () => {
  const rows: Record<string, [string[], 0 | 1 | 2 | undefined]> = {
    'the Internet': [
      ['8.8.8.8', '172.32.0.1', '2001:4860:4860::8888', '::ffff:8.8.8.8', '64:ff9b::808:808'],
      0,
    ],
    'a private network': [
      [
        '10.0.0.1',
        '172.16.0.1',
        '192.168.77.1',
        '100.64.0.1',
        'fd00::1',
        '::ffff:10.0.0.1',
        '64:ff9b::a00:1',
      ],
      1,
    ],
    'this host': [['127.0.0.1', '127.9.9.9', '::1', '[::1]', '::ffff:127.0.0.1', '::ffff:7f00:1'], 2],
    'nothing to fetch from': [
      [
        '169.254.169.254',
        '::ffff:169.254.169.254',
        'fe80::1',
        'fe80::1%eth0',
        '0.0.0.0',
        '::',
        '224.0.0.1',
        '255.255.255.255',
        'ff02::1',
      ],
      undefined,
    ],
  };
  for (const [what, [addresses, nearness]] of Object.entries(rows)) {
    for (const address of addresses) {
      it(`takes ${address} for ${what}`, () => {
        expect(nearnessOf(address)).to.equal(nearness);
      });
    }
  }
});
