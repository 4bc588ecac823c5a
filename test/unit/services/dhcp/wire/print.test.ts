import { expect } from 'chai';
import { encode } from '../../../../../services/dhcp/wire/encode.ts';
import { packOptions } from '../../../../../services/dhcp/wire/options.ts';
import { decode } from '../../../../../services/dhcp/wire/packet.ts';
import { print } from '../../../../../services/dhcp/wire/print.ts';
import { captures } from '../../../../support/captures.ts';
import { ip, request } from '../../../../support/dhcp-request.ts';
import { expectGolden } from '../../../../support/golden.ts';

const printed = (options: Map<number, Uint8Array>) =>
  print(decode(encode(request().packet, options, 1472).bytes));

describe('services/dhcp/wire/print', () => {
  for (const { name, bytes } of captures) {
    it(`prints ${name} as it was recorded`, () => {
      expectGolden(`captures/${name}.txt`, print(decode(bytes)));
    });
  }

  it('names what our own replies carry', () => {
    const text = printed(
      packOptions({
        messageType: 5,
        leaseTime: 86_400,
        routers: [ip('192.168.77.1')],
        domainSearch: ['a.example', 'b.example'],
        staticRoutes: [
          { destination: { network: ip('10.20.0.0'), prefix: 16 }, router: ip('192.168.77.254') },
        ],
      }),
    );
    expect(text).to.include('53 messageType       ACK\n');
    expect(text).to.include('51 leaseTime         86400\n');
    expect(text).to.include('3 routers            192.168.77.1\n');
    expect(text).to.include('119 domainSearch     "a.example", "b.example"\n');
    expect(text).to.include('121 staticRoutes     10.20.0.0/16 via 192.168.77.254\n');
  });

  it('shows an option that it does not know, and one that is malformed, as bytes', () => {
    const text = printed(
      new Map([
        [57, Uint8Array.of(1)],
        [224, Uint8Array.of(1, 2)],
      ]),
    );
    expect(text).to.include('224                  0x0102\n');
    expect(text).to.match(
      /57 maxMessageSize +0x01 \(malformed: "option 57 at byte \d+: must be 2 bytes long and is 1"\)/,
    );
  });

  it('lets no control character through', () => {
    const hostile = new TextEncoder().encode('a\u001b[2J\u0000\r\nb\u009b\u202e\u2028');
    const text = printed(
      new Map([
        [12, hostile],
        [60, hostile],
        [77, hostile],
        [82, hostile],
      ]),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what the test is about
    expect(text.replaceAll('\n', '')).to.not.match(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
    expect(text).to.include('12 hostName          "a\\u001b[2J\\u0000\\r\\nb\\u009b\\u202e\\u2028"\n');
  });
});
