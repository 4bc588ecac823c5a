import { expect } from 'chai';
import { messageLimit } from '../../../../../services/dhcp/decide/limit.ts';
import { request } from '../../../../support/dhcp-request.ts';

describe('services/dhcp/decide/limit', () => {
  const rows: readonly [what: string, maxMessageSize: number | undefined, mtu: number, limit: number][] = [
    ['what every host takes, when the client says nothing', undefined, 1500, 548],
    ['what the client says', 1472, 1500, 1444],
    ['no more than the MTU, though EDK2 says 65280', 65_280, 1500, 1472],
    ['no less than every host takes, though the client says less', 100, 1500, 548],
    ['no less than every host takes, though the link carries less', 1500, 296, 548],
    ['a jumbo frame, when both sides have them', 9000, 9000, 8972],
  ];
  for (const [what, maxMessageSize, mtu, limit] of rows) {
    it(`is ${what}`, () => {
      expect(messageLimit(request({ maxMessageSize }), mtu)).to.equal(limit);
    });
  }
});
