import { expect } from 'chai';
import { fromHex, toBytes, toHex } from '#shared/bytes.ts';
import type { TraceContext } from '#shared/trace/context.ts';
import { noProxyToWaitFor, vendorOptions } from '../../../../../services/dhcp/decide/vendor-options.ts';
import { packOptions } from '../../../../../services/dhcp/wire/options.ts';
import { mac } from '../../../../support/dhcp-request.ts';

const option43 = (address: string, trace?: TraceContext) =>
  toHex(packOptions(vendorOptions(mac(address), trace)).get(43)!);
const noTrace = `451a${'00'.repeat(26)}`;

describe('services/dhcp/decide/vendor-options', () => {
  it('tells PXE firmware to boot the file without discovery', () => {
    expect(option43('52:54:00:77:00:07')).to.equal(`060108${noTrace}`);
  });

  it('carries the trace of the exchange: version, trace id, span id, flags', () => {
    const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true };
    expect(option43('52:54:00:77:00:07', trace)).to.equal(
      '060108451a000af7651916cd43dd8448eb211c80319cb7ad6b716920333101',
    );
  });

  it("shows the Raspberry Pi's ROM what it looks for, byte for byte", () => {
    const menu = `0914000011${toHex(toBytes('Raspberry Pi Boot'))}`;
    const prompt = `0a0400${toHex(toBytes('PXE'))}`;
    expect(option43('dc:a6:32:00:00:0c')).to.equal(`060108${menu}${prompt}${noTrace}`);
  });

  it('says "no proxyDHCP" in iPXE\'s own option space', () => {
    expect(packOptions(noProxyToWaitFor).get(175)).to.deep.equal(fromHex('b00101'));
  });
});
