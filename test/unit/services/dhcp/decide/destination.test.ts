import { expect } from 'chai';
import { formatIp4 } from '#shared/ip4.ts';
import { destination } from '../../../../../services/dhcp/decide/destination.ts';
import type { Turn } from '../../../../../services/dhcp/decide/reservation.ts';
import { ip } from '../../../../support/dhcp-request.ts';

const giaddr = ip('192.168.88.1');
const ciaddr = ip('192.168.77.107');
const nobody = { address: 0, port: 68 };
const client = { address: ciaddr, port: 68 };
const relay = { address: ip('192.168.77.2'), port: 67 };

describe('services/dhcp/decide/destination', () => {
  const rows: readonly [
    what: string,
    say: Turn['say'],
    asked: Parameters<typeof destination>[1],
    to: string,
  ][] = [
    [
      'an OFFER to a client without an address: to all',
      'OFFER',
      { giaddr: 0, ciaddr: 0, source: nobody },
      '255.255.255.255:68',
    ],
    [
      'an ACK to a client without an address: to all',
      'ACK',
      { giaddr: 0, ciaddr: 0, source: nobody },
      '255.255.255.255:68',
    ],
    [
      'an ACK to a client that renews: to it',
      'ACK',
      { giaddr: 0, ciaddr, source: client },
      '192.168.77.107:68',
    ],
    [
      'the port is where the request came from',
      'ACK',
      { giaddr: 0, ciaddr, source: { ...client, port: 40_068 } },
      '192.168.77.107:40068',
    ],
    [
      'an OFFER through a relay: to giaddr, port 67',
      'OFFER',
      { giaddr, ciaddr: 0, source: relay },
      '192.168.88.1:67',
    ],
    [
      'an ACK to a renewal through a relay: to giaddr',
      'ACK',
      { giaddr, ciaddr, source: relay },
      '192.168.88.1:67',
    ],
    [
      'a NAK: to all, though the client says an address',
      'NAK',
      { giaddr: 0, ciaddr, source: client },
      '255.255.255.255:68',
    ],
    ['a NAK through a relay: to giaddr', 'NAK', { giaddr, ciaddr: 0, source: relay }, '192.168.88.1:67'],
    ['an ACK to INFORM: to ciaddr', 'INFORM-ACK', { giaddr: 0, ciaddr, source: client }, '192.168.77.107:68'],
    [
      'an ACK to INFORM through a relay: straight to ciaddr, where a client listens',
      'INFORM-ACK',
      { giaddr, ciaddr, source: relay },
      '192.168.77.107:68',
    ],
    [
      'an ACK to INFORM without ciaddr: to where it came from',
      'INFORM-ACK',
      { giaddr: 0, ciaddr: 0, source: client },
      '192.168.77.107:68',
    ],
  ];
  for (const [what, say, asked, to] of rows) {
    it(`sends ${what}`, () => {
      const { address, port } = destination(say, asked);
      expect(`${formatIp4(address)}:${port}`).to.equal(to);
    });
  }
});
