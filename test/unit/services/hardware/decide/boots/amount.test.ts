import { expect } from 'chai';
import { amountOf } from '../../../../../../services/hardware/decide/boots/amount.ts';

describe('services/hardware/decide/boots/amount.ts', () => {
  for (const [file, bytes, size, text] of [
    ['/artifacts/vmlinuz', '120000000', '400000000', 'vmlinuz, 120 of 400 MB'],
    ['vmlinuz', '0', '12500000', 'vmlinuz, 0 of 12.5 MB'],
    ['hook.iso', '999', '1250000000', 'hook.iso, 0 of 1.25 GB'],
    ['tiny', '12', '999', 'tiny, 12 of 999 bytes'],
    ['vmlinuz', '1500000', '', 'vmlinuz, 1.5 MB'],
    ['ipxe.efi', '', '1048576', 'ipxe.efi, 1.05 MB'],
    ['ipxe.efi', '', '', 'ipxe.efi'],
    ['', '10', '20', '10 of 20 bytes'],
    ['odd', 'many', '-1', 'odd'],
  ] as const) {
    it(`says ${text}`, () => {
      expect(amountOf(file, bytes, size)).to.equal(text);
    });
  }
});
