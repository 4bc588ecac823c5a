import { expect } from 'chai';
import { attributesOf } from '../../../../../services/dhcp/wire/attributes.ts';
import { decode } from '../../../../../services/dhcp/wire/packet.ts';
import { message } from '../../../../support/dhcp-peer.ts';

describe('services/dhcp/wire/attributes', () => {
  it("has Smee's names for headers and options", () => {
    const packet = decode(message({ options: { 53: 3, 50: '10.0.0.7', 60: 'PXEClient', 93: [7] } }));
    expect(attributesOf(packet, 'request')).to.include({
      'DHCP.request.Header.transactionID': '0x1234abcd',
      'DHCP.request.Header.yiaddr': '0.0.0.0',
      'DHCP.request.Opt50.RequestedAddress': '10.0.0.7',
      'DHCP.request.Opt53.MessageType': 'REQUEST',
      'DHCP.request.Opt60.ClassIdentifier': '"PXEClient"',
    });
  });

  it('tells unknown options by their length, and of iPXE’s own only which there are: a password may be among them', () => {
    const password = [191, 7, ...Buffer.from('hunter2')];
    const packet = decode(
      message({ options: { 90: [...Buffer.from('hunter2')], 175: [19, 1, 1, ...password] } }),
    );
    const attributes = attributesOf(packet, 'request');
    expect(attributes).to.include({ 'DHCP.request.Opt90': '7 bytes', 'DHCP.request.Opt175.Ipxe': '19 191' });
    expect(JSON.stringify(attributes)).not.to.contain('hunter2');
  });
});
