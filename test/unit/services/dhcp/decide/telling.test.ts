import { expect } from 'chai';
import type { Reason } from '#shared/boot/reasons.ts';
import { clientName, outcomeOf } from '../../../../../services/dhcp/decide/telling.ts';
import { httpBoot, pxe, type RequestParts, request } from '../../../../support/dhcp-request.ts';

describe('services/dhcp/decide/telling', () => {
  const outcomes: readonly (readonly ['OFFER' | 'ACK' | 'NAK' | 'silent', Reason, 'yes' | 'no' | 'heard'])[] =
    [
      ['OFFER', 'ok', 'yes'],
      ['ACK', 'ok', 'yes'],
      ['ACK', 'reply-too-big', 'yes'],
      ['ACK', 'not-a-netboot-client', 'yes'],
      ['ACK', 'explicit-boot-file', 'yes'],
      ['ACK', 'netboot-not-allowed', 'no'],
      ['OFFER', 'loader-missing', 'no'],
      ['OFFER', 'no-script', 'no'],
      ['OFFER', 'netboot-options-off', 'no'],
      ['NAK', 'wrong-address', 'no'],
      ['silent', 'unknown-machine', 'no'],
      ['silent', 'dhcp-disabled', 'no'],
      ['silent', 'other-server', 'no'],
      ['silent', 'decline', 'no'],
      ['silent', 'release', 'heard'],
      ['silent', 'not-for-a-proxy', 'heard'],
      ['silent', 'not-a-netboot-client', 'heard'],
    ];
  for (const [said, why, outcome] of outcomes) {
    it(`calls ${said} with ${why} a ${outcome}`, () => {
      expect(outcomeOf({ said }, why)).to.equal(outcome);
    });
  }

  const clients: readonly (readonly [name: string, parts: RequestParts])[] = [
    ['PXE firmware', pxe],
    ['HTTP Boot firmware', httpBoot],
    ['iPXE', { ...pxe, userClasses: ['iPXE'] }],
    ['iPXE', { ...pxe, userClasses: ['Tinkerbell'] }],
    ['iPXE', { ...pxe, ipxe: { http: true } }],
    ['other', {}],
    ['other', { vendorClass: 'udhcp 1.36.1' }],
  ];
  for (const [name, parts] of clients) {
    it(`calls ${parts.vendorClass ?? 'nobody'} ${parts.userClasses ?? ''} ${name}`, () => {
      expect(clientName(request(parts))).to.equal(name);
    });
  }
});
