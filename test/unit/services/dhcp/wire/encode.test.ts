import { expect } from 'chai';
import fc from 'fast-check';
import { concat } from '#shared/bytes.ts';
import { encode } from '../../../../../services/dhcp/wire/encode.ts';
import { leftOutCodes, packOptions } from '../../../../../services/dhcp/wire/options.ts';
import { decode, type Header } from '../../../../../services/dhcp/wire/packet.ts';
import { ip, request } from '../../../../support/dhcp-request.ts';

const { options: _, ...header } = request().packet;
const all = 65_507;

/** The codes of the options field as they stand, instances and all. */
function codesOf(bytes: Uint8Array): number[] {
  const codes: number[] = [];
  for (let at = 240; bytes[at] !== 255; at += 2 + bytes[at + 1]!) codes.push(bytes[at]!);
  return codes;
}

/** Neither PAD nor END has a length; 52 says something about the packet itself. */
const code = fc.integer({ min: 1, max: 254 }).filter((one) => one !== 52);
const options = fc.dictionary(code.map(String), fc.uint8Array({ maxLength: 700 }), { maxKeys: 20 });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const text = (maxLength: number) =>
  fc.string({ unit: 'grapheme', maxLength }).filter((one) => {
    return !one.includes('\0') && new TextEncoder().encode(one).length <= maxLength && one.isWellFormed();
  });
const anyHeader: fc.Arbitrary<Header> = fc.record({
  op: fc.integer({ min: 0, max: 255 }),
  htype: fc.integer({ min: 0, max: 255 }),
  hops: fc.integer({ min: 0, max: 255 }),
  xid: u32,
  secs: fc.integer({ min: 0, max: 0xffff }),
  flags: fc.integer({ min: 0, max: 0xffff }),
  ciaddr: u32,
  yiaddr: u32,
  siaddr: u32,
  giaddr: u32,
  chaddr: fc.uint8Array({ maxLength: 16 }),
  sname: text(63),
  file: text(127),
});

describe('services/dhcp/wire/encode', () => {
  it('is undone by decode, whatever the packet', () => {
    fc.assert(
      fc.property(anyHeader, options, (head, values) => {
        const packed = new Map(Object.entries(values).map(([key, value]) => [Number(key), value]));
        const { options: read, ...back } = decode(encode(head, packed, all).bytes);
        expect(back).to.deep.equal({ ...head, chaddr: new Uint8Array(head.chaddr) });
        expect(new Map(read)).to.deep.equal(packed);
      }),
    );
  });

  it('puts option 53 first, the others in ascending order, 82 last', () => {
    const packed = new Map([82, 121, 1, 53, 175].map((one) => [one, Uint8Array.of(1)]));
    expect(codesOf(encode(header, packed, all).bytes)).to.deep.equal([53, 1, 121, 175, 82]);
  });

  it('fills up to 300 bytes with zeros, behind END', () => {
    const { bytes } = encode(header, new Map([[53, Uint8Array.of(2)]]), all);
    expect(bytes).to.have.length(300);
    expect([...bytes.subarray(240, 245)]).to.deep.equal([53, 1, 2, 255, 0]);
  });

  it('splits a value over instances of 255 bytes (RFC 3396)', () => {
    const { bytes } = encode(header, new Map([[67, new Uint8Array(600).fill(97)]]), all);
    expect(codesOf(bytes)).to.deep.equal([67, 67, 67]);
    expect(bytes[241]).to.equal(255);
  });

  it('leaves out what does not fit in the documented order, and says what', () => {
    const packed = packOptions({
      messageType: 2,
      serverId: ip('192.168.77.1'),
      leaseTime: 60,
      subnetMask: ip('255.255.255.0'),
      domainSearch: ['a'.repeat(60)],
      timeServers: [ip('192.168.77.1')],
      hostName: 'h'.repeat(200),
      relayInfo: new Uint8Array(60),
    });
    const whole = encode(header, packed, all, leftOutCodes).bytes;
    const cut = encode(header, packed, 548, leftOutCodes);
    expect(whole).to.have.length.above(548);
    expect(cut.leftOut).to.deep.equal([119]);
    expect(cut.bytes).to.have.length.at.most(548);
    expect(codesOf(cut.bytes)).to.deep.equal([53, 1, 12, 42, 51, 54, 82]);
  });

  it('keeps to the limit, and to the address, whatever the record holds', () => {
    const long = 'x'.repeat(900);
    const packed = packOptions({
      messageType: 5,
      serverId: 1,
      leaseTime: 60,
      subnetMask: 2,
      routers: Array.from({ length: 200 }, (_unused, at) => at),
      nameServers: Array.from({ length: 200 }, (_unused, at) => at),
      hostName: long,
      domainName: long,
      tftpServerName: long,
      bootFileName: long,
      clientId: new Uint8Array(255),
      relayInfo: new Uint8Array(255),
    });
    const { bytes } = encode(header, packed, 548, leftOutCodes);
    expect(bytes).to.have.length.at.most(548);
    expect(codesOf(bytes)).to.include.members([53, 54, 51, 1]);
  });

  it('never sends a byte that it did not write', () => {
    const first = encode(header, new Map([[12, new Uint8Array(500).fill(0x5a)]]), all).bytes;
    const second = encode(header, new Map([[53, Uint8Array.of(2)]]), all).bytes;
    expect([...first]).to.include(0x5a);
    expect(concat([second.subarray(34, 236), second.subarray(244)]).every((byte) => byte === 0)).to.equal(
      true,
    );
  });

  const tooLong: readonly [field: string, head: Partial<Header>][] = [
    ['file', { file: 'x'.repeat(128) }],
    ['sname', { sname: 'x'.repeat(64) }],
    ['chaddr', { chaddr: new Uint8Array(17) }],
  ];
  for (const [field, head] of tooLong) {
    it(`refuses a ${field} that its field cannot hold`, () => {
      expect(() => encode({ ...header, ...head }, new Map(), all)).to.throw(`${field} is `);
    });
  }
});
