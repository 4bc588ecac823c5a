import { expect } from 'chai';
import type { QuirkName } from '#shared/boot/quirks.ts';
import { fromHex, toBytes, toHex } from '#shared/bytes.ts';
import {
  noProxyToWaitFor,
  tracedVendorOptions,
  vendorOptions,
} from '../../../../../services/dhcp/decide/vendor-options.ts';
import { packOptions } from '../../../../../services/dhcp/wire/options.ts';

const option43 = (...quirks: QuirkName[]) =>
  toHex(packOptions(tracedVendorOptions(new Set(quirks))).get(43)!);
const noTrace = `451a${'00'.repeat(26)}`;

describe('services/dhcp/decide/vendor-options', () => {
  it('tells PXE firmware to boot the file without discovery', () => {
    expect(option43()).to.equal(`060108${noTrace}`);
  });

  it("shows the Raspberry Pi's ROM what it looks for, byte for byte", () => {
    const menu = `0914000011${toHex(toBytes('Raspberry Pi Boot'))}`;
    const prompt = `0a0400${toHex(toBytes('PXE'))}`;
    expect(option43('raspberry-pi')).to.equal(`060108${menu}${prompt}${noTrace}`);
  });

  it('says nothing about a trace in the proxy modes', () => {
    expect(toHex(packOptions(vendorOptions(new Set())).get(43)!)).to.equal('060108');
  });

  it('says "no proxyDHCP" in iPXE\'s own option space', () => {
    expect(packOptions(noProxyToWaitFor).get(175)).to.deep.equal(fromHex('b00101'));
  });
});
