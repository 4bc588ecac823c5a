import { expect } from 'chai';
import { netbootClient } from '../../../../../services/dhcp/decide/client.ts';
import { httpBoot, pxe, type RequestParts, request } from '../../../../support/dhcp-request.ts';

describe('services/dhcp/decide/client', () => {
  const clients: readonly [what: string, parts: RequestParts, kind: string][] = [
    ['PXE firmware that discovers', pxe, 'PXEClient'],
    ['PXE firmware that requests', { ...pxe, type: 'REQUEST' }, 'PXEClient'],
    ['HTTP Boot firmware', httpBoot, 'HTTPClient'],
    ['firmware without option 97', { ...pxe, uuid: undefined }, 'PXEClient'],
  ];
  for (const [what, parts, kind] of clients) {
    it(`takes ${what} for a netboot client`, () => {
      expect(netbootClient(request(parts))).to.include({ kind });
    });
  }

  const others: readonly [what: string, parts: RequestParts, why: string][] = [
    ['a message that is neither DISCOVER nor REQUEST', { ...pxe, type: 'INFORM' }, 'not-a-netboot-client'],
    ['a client without option 60', { ...pxe, vendorClass: undefined }, 'not-a-netboot-client'],
    ['a class that only contains PXEClient', { ...pxe, vendorClass: 'my PXEClient' }, 'not-a-netboot-client'],
    ['a client without option 93', { ...pxe, architectures: undefined }, 'no-architecture'],
    ['a UUID of 16 bytes', { ...pxe, uuid: new Uint8Array(16) }, 'bad-client-uuid'],
    ['a UUID of another type', { ...pxe, uuid: new Uint8Array(17).fill(1, 0, 1) }, 'bad-client-uuid'],
    ['an empty UUID', { ...pxe, uuid: new Uint8Array() }, 'bad-client-uuid'],
  ];
  for (const [what, parts, why] of others) {
    it(`says why ${what} is none`, () => {
      expect(netbootClient(request(parts))).to.deep.equal({ why });
    });
  }
});
