import { expect } from 'chai';
import { MalformedError } from '#shared/errors.ts';
import { encode } from '../../../../../services/dhcp/wire/encode.ts';
import { decode, type Header } from '../../../../../services/dhcp/wire/packet.ts';
import { readRequest } from '../../../../../services/dhcp/wire/request.ts';
import { capture } from '../../../../support/captures.ts';
import { ip, request } from '../../../../support/dhcp-request.ts';

const read = (options: Record<number, number[]>, header: Partial<Header> = {}) => {
  const packed = new Map(
    Object.entries(options).map(([code, bytes]) => [Number(code), Uint8Array.from(bytes)]),
  );
  return readRequest(decode(encode({ ...request().packet, ...header }, packed, 1472).bytes));
};

describe('services/dhcp/wire/request', () => {
  it('reads what firmware says of itself', () => {
    const found = readRequest(decode(capture('ovmf-pxe-request')));
    expect(found).to.deep.include({
      mac: '52:54:00:77:00:0c',
      type: 'REQUEST',
      requestedAddress: ip('192.168.77.12'),
      serverId: ip('192.168.77.1'),
      vendorClass: 'PXEClient:Arch:00007:UNDI:003000',
      architectures: [7],
      userClasses: [],
      ipxe: undefined,
    });
    expect(found.uuid).to.have.length(17);
    expect(found.maxMessageSize).to.equal(65_280);
  });

  it('reads what iPXE says of itself', () => {
    const found = readRequest(decode(capture('bios-ipxerom-discover')));
    expect(found).to.deep.include({
      type: 'DISCOVER',
      userClasses: ['iPXE'],
      architectures: [0],
      ipxe: { http: true },
    });
  });

  it('knows an iPXE without HTTP', () => {
    expect(read({ 53: [1], 175: [176, 1, 1] }).ipxe).to.deep.equal({ http: false });
  });

  it('tells absent from empty', () => {
    expect(read({ 53: [1] }).clientId).to.equal(undefined);
    expect(read({ 53: [1], 61: [] }).clientId).to.have.length(0);
  });

  it('has no MAC for a client that is not Ethernet', () => {
    expect(read({ 53: [1] }, { htype: 6 }).mac).to.equal(undefined);
    expect(read({ 53: [1] }, { chaddr: new Uint8Array(8) }).mac).to.equal(undefined);
    expect(read({ 53: [1] }, { chaddr: new Uint8Array() }).mac).to.equal(undefined);
  });

  it('has no type for plain BOOTP, and says when nobody has defined a type', () => {
    expect(read({}).type).to.equal(undefined);
    expect(read({ 53: [77] }).type).to.equal('undefined-type');
  });

  for (const length of [0, 1, 128, 129, 255]) {
    it(`takes a client identifier of ${length} bytes`, () => {
      expect(read({ 53: [1], 61: new Array(length).fill(1) }).clientId).to.have.length(length);
    });
  }

  const bad: readonly [field: string, options: Record<number, number[]>][] = [
    ['option 53', { 53: [] }],
    ['option 50', { 53: [3], 50: [1, 2, 3] }],
    ['option 54', { 53: [3], 54: [1, 2, 3, 4, 5] }],
    ['option 57', { 53: [1], 57: [1] }],
    ['option 93', { 53: [1], 93: [0] }],
    ['option 175', { 53: [1], 175: [19, 2, 1] }],
  ];
  for (const [field, options] of bad) {
    it(`refuses a malformed ${field}: it is not the same as absent`, () => {
      expect(() => read(options))
        .to.throw(MalformedError)
        .that.includes({ field });
    });
  }

  it('does not care about options that no decision looks at', () => {
    expect(read({ 53: [1], 1: [9], 81: [0], 119: [200], 121: [99] }).type).to.equal('DISCOVER');
  });
});
