import { expect } from 'chai';
import { MalformedError } from '#shared/errors.ts';
import { decode, macOfDatagram } from '../../../../../services/dhcp/wire/packet.ts';
import { capture } from '../../../../support/captures.ts';

/** A message with nothing in its header but Ethernet, and these bytes as its options field. */
function message(...options: number[]): Uint8Array {
  const bytes = new Uint8Array(240 + options.length);
  bytes.set([1, 1, 6]);
  bytes.set([99, 130, 83, 99], 236);
  bytes.set(options, 240);
  return bytes;
}

function problem(bytes: Uint8Array): [field: string, offset: number] {
  try {
    decode(bytes);
  } catch (error) {
    if (error instanceof MalformedError) return [error.field, error.offset];
    throw error;
  }
  throw new Error('it was taken');
}

const list = (bytes: Uint8Array) => [...decode(bytes).options].map(([code, value]) => [code, [...value]]);

describe('services/dhcp/wire/packet', () => {
  it('reads every header field of a relayed request', () => {
    const packet = decode(capture('relay-isc-request'));
    expect(packet).to.include({ op: 1, htype: 1, hops: 1, xid: 0x9133690e, secs: 0, flags: 0 });
    expect(packet.giaddr).to.equal(0xc0a85801);
    expect([...packet.chaddr]).to.deep.equal([0x52, 0x54, 0x00, 0x88, 0x00, 0x50]);
    expect(packet.file).to.equal('');
  });

  it('keeps unknown options as bytes', () => {
    expect(list(message(224, 2, 7, 8, 255))).to.deep.equal([[224, [7, 8]]]);
  });

  it('skips PAD wherever it stands, and one byte of it', () => {
    expect(list(message(0, 53, 1, 1, 0, 0, 50, 4, 1, 2, 3, 4, 255))).to.deep.equal([
      [53, [1]],
      [50, [1, 2, 3, 4]],
    ]);
  });

  it('looks at nothing behind END', () => {
    expect(list(message(53, 1, 1, 255, 12, 200))).to.deep.equal([[53, [1]]]);
  });

  it('does without END, as some clients do', () => {
    expect(list(message(53, 1, 1))).to.deep.equal([[53, [1]]]);
  });

  it('keeps an option of length 0: it is there', () => {
    expect(list(message(61, 0, 255))).to.deep.equal([[61, []]]);
  });

  it('joins the instances of an option in order (RFC 3396)', () => {
    expect(list(message(12, 2, 97, 98, 53, 1, 1, 12, 1, 99, 255))).to.deep.equal([
      [12, [97, 98, 99]],
      [53, [1]],
    ]);
  });

  it('reads options from file, then from sname, under option 52', () => {
    const bytes = message(52, 1, 3, 12, 1, 97, 255);
    bytes.set([12, 1, 99, 255], 44);
    bytes.set([12, 1, 98, 0, 255], 108);
    const packet = decode(bytes);
    expect(packet.options.read('hostName')).to.equal('abc');
    expect(packet).to.include({ sname: '', file: '' });
  });

  it('reads file and sname as text where option 52 leaves them alone', () => {
    const bytes = message(52, 1, 2, 255);
    bytes.set([12, 1, 99, 255], 44);
    bytes.set([98, 111, 111, 116, 0, 120], 108);
    const packet = decode(bytes);
    expect(packet.options.read('hostName')).to.equal('c');
    expect(packet.file).to.equal('boot');
  });

  it('reads a file without a NUL to its end and no further', () => {
    const bytes = message(255);
    bytes.fill(120, 108, 236);
    expect(decode(bytes).file).to.equal('x'.repeat(128));
  });

  const overSname = message(52, 1, 2, 255);
  overSname.set([12, 63], 44);
  const badCookie = message(255);
  badCookie[236] = 0;
  const longHlen = message(255);
  longHlen[2] = 17;
  const bad: readonly [what: string, bytes: Uint8Array, field: string, offset: number][] = [
    ['nothing at all', new Uint8Array(), 'length', 0],
    ['a message that ends before its options', message().subarray(0, 239), 'length', 239],
    ['another magic cookie', badCookie, 'magic cookie', 236],
    ['an hlen that chaddr cannot hold', longHlen, 'hlen', 2],
    ['an option code without a length', message(53), 'option 53', 240],
    ['an option over the end', message(53, 1, 1, 12, 3, 97), 'option 12', 243],
    ['an overload of 0', message(52, 1, 0, 255), 'option 52', 242],
    ['an overload of 4', message(52, 1, 4, 255), 'option 52', 242],
    ['an empty overload', message(52, 0, 255), 'option 52', 242],
    ['an overload of two bytes', message(52, 2, 1, 1, 255), 'option 52', 242],
    ['an option that leaves sname', overSname, 'option 12', 44],
  ];
  for (const [what, bytes, field, offset] of bad) {
    it(`refuses ${what}, naming field and offset`, () => {
      expect(problem(bytes)).to.deep.equal([field, offset]);
    });
  }

  for (const hlen of [0, 1, 6, 16]) {
    it(`takes an hlen of ${hlen}`, () => {
      const bytes = message(255);
      bytes[2] = hlen;
      expect(decode(bytes).chaddr).to.have.length(hlen);
    });
  }

  it('finds the MAC in a datagram that is no packet, where one can stand', () => {
    const bytes = capture('udhcpc-discover');
    expect(macOfDatagram(bytes.subarray(0, 34))).to.match(/^52:54:00/);
    expect(macOfDatagram(bytes.subarray(0, 33))).to.equal(undefined);
    expect(macOfDatagram(message().fill(7, 2, 3))).to.equal(undefined);
  });
});
