import { expect } from 'chai';
import { turn } from '../../../../../services/dhcp/decide/reservation.ts';
import { here, ip, type RequestParts, request } from '../../../../support/dhcp-request.ts';

const reserved = ip('192.168.77.107');
const wrong = ip('192.168.77.250');
const us = ip('192.168.77.1');
const alsoUs = ip('10.0.0.1');
const them = ip('192.168.77.2');
const renewing = (ciaddr: number): RequestParts => ({ type: 'REQUEST', header: { ciaddr } });

describe('services/dhcp/decide/reservation', () => {
  const rows: readonly [what: string, parts: RequestParts, say: string, why: string][] = [
    ['INIT', { type: 'DISCOVER' }, 'OFFER', 'ok'],
    ['INIT, with a wish for another address', { type: 'DISCOVER', requestedAddress: wrong }, 'OFFER', 'ok'],
    ['SELECTING us', { type: 'REQUEST', serverId: us, requestedAddress: reserved }, 'ACK', 'ok'],
    [
      'SELECTING us by another of our addresses',
      { type: 'REQUEST', serverId: alsoUs, requestedAddress: reserved },
      'ACK',
      'ok',
    ],
    [
      'SELECTING us with a wrong address',
      { type: 'REQUEST', serverId: us, requestedAddress: wrong },
      'NAK',
      'wrong-address',
    ],
    ['SELECTING us without an address', { type: 'REQUEST', serverId: us }, 'silent', 'no-requested-address'],
    [
      'SELECTING another server',
      { type: 'REQUEST', serverId: them, requestedAddress: reserved },
      'silent',
      'other-server',
    ],
    [
      'SELECTING another server, with its address',
      { type: 'REQUEST', serverId: them, requestedAddress: wrong },
      'silent',
      'other-server',
    ],
    ['INIT-REBOOT with the right address', { type: 'REQUEST', requestedAddress: reserved }, 'ACK', 'ok'],
    [
      'INIT-REBOOT with a wrong address',
      { type: 'REQUEST', requestedAddress: wrong },
      'NAK',
      'wrong-address',
    ],
    ['RENEWING or REBINDING the right address', renewing(reserved), 'ACK', 'ok'],
    ['RENEWING or REBINDING a wrong address', renewing(wrong), 'NAK', 'wrong-address'],
    ['a REQUEST for nothing', { type: 'REQUEST' }, 'silent', 'no-requested-address'],
    ['INFORM', { type: 'INFORM', header: { ciaddr: reserved } }, 'INFORM-ACK', 'ok'],
    [
      'INFORM from an address that is not reserved',
      { type: 'INFORM', header: { ciaddr: wrong } },
      'INFORM-ACK',
      'ok',
    ],
    [
      'INFORM to another server',
      { type: 'INFORM', serverId: them, header: { ciaddr: reserved } },
      'silent',
      'other-server',
    ],
    ['DECLINE', { type: 'DECLINE', serverId: us, requestedAddress: reserved }, 'silent', 'decline'],
    [
      'DECLINE to another server',
      { type: 'DECLINE', serverId: them, requestedAddress: wrong },
      'silent',
      'other-server',
    ],
    ['RELEASE', { type: 'RELEASE', serverId: us, header: { ciaddr: reserved } }, 'silent', 'release'],
    ['an OFFER that claims to be a request', { type: 'OFFER' }, 'silent', 'unhandled-message-type'],
    ['LEASEQUERY', { type: 'LEASEQUERY' }, 'silent', 'unhandled-message-type'],
    ['a type that nobody has defined', { type: 'undefined-type' }, 'silent', 'unhandled-message-type'],
  ];
  for (const [what, parts, say, why] of rows) {
    it(`answers ${what} with ${say}`, () => {
      expect(turn(request(parts), reserved, here().isOurs)).to.deep.equal({ say, why });
    });
  }

  for (const type of ['DISCOVER', 'REQUEST'] as const) {
    it(`is silent to ${type} when the record has no address`, () => {
      const asked = request({ type, requestedAddress: wrong });
      expect(turn(asked, undefined, here().isOurs)).to.deep.equal({ say: 'silent', why: 'no-address' });
    });
  }

  it('answers INFORM also when the record has no address', () => {
    const asked = request({ type: 'INFORM', header: { ciaddr: wrong } });
    expect(turn(asked, undefined, here().isOurs)).to.deep.equal({ say: 'INFORM-ACK', why: 'ok' });
  });
});
