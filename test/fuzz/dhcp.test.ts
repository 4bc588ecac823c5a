import { expect } from 'chai';
import fc from 'fast-check';
import { MalformedError } from '#shared/errors.ts';
import { decode } from '../../services/dhcp/wire/packet.ts';
import { print } from '../../services/dhcp/wire/print.ts';
import { readRequest } from '../../services/dhcp/wire/request.ts';
import { captures } from '../support/captures.ts';
import { dhcpHandler, fromNobody, silentLog } from '../support/dhcp-handler.ts';
import { ip } from '../support/dhcp-request.ts';
import { machine } from '../support/machines.ts';

/** Everybody is known, so that every packet goes all the way. */
const everybody = {
  ready: true,
  readiness: () => ({ ready: true }) as const,
  byMac: (mac: NonNullable<ReturnType<typeof readRequest>['mac']>) =>
    machine({ dhcp: { mac, hostname: 'h' } }),
  byIp: () => [],
};

const header = new Uint8Array(240);
header.set([1, 1, 6]);
header.set([0x52, 0x54, 0x00, 0x77, 0x00, 0x07], 28);
header.set([99, 130, 83, 99], 236);

/** A sound header, a message type, and these bytes as the rest of the options. */
function asked(type: number, ...options: number[]): Uint8Array {
  return Uint8Array.from([...header, 53, 1, type, ...options]);
}

/** What has stopped DHCP servers and clients before, each with where it did. */
const known: Readonly<Record<string, Uint8Array>> = {
  'an option code without a length': asked(1, 12),
  'a length past the end': asked(1, 12, 200, 1),
  'only PAD': asked(1, ...new Array(400).fill(0)),
  'END, then garbage': asked(1, 255, 12, 200, 1),
  'overload into empty fields': asked(1, 52, 1, 3, 255),
  'overload into overload': Uint8Array.from(asked(1, 52, 1, 3, 255)).fill(52, 44, 236),
  'every option at once, to nobody in particular': asked(
    3,
    ...Array.from({ length: 80 }, (_, at) => [at + 100, 1, at]).flat(),
    255,
  ),
  'every option empty': asked(3, ...Array.from({ length: 254 }, (_, at) => [at + 1, 0]).flat(), 255),
  'a host name of NULs': asked(1, 12, 4, 0, 0, 0, 0, 255),
  'a host name with a line break': asked(1, 12, 3, 97, 10, 98, 255),
  'a host name that is not UTF-8': asked(1, 12, 3, 255, 254, 253, 255),
  'an FQDN with a label of 64': asked(1, 81, 68, 0, 0, 0, 64, ...new Array(64).fill(97), 255),
  'a search list that points at itself': asked(1, 119, 2, 0xc0, 0, 255),
  'relay information that reaches over its end': asked(1, 82, 3, 1, 200, 0, 255),
  'an empty user class': asked(1, 77, 1, 0, 255),
  'an empty client identifier': asked(1, 61, 0, 255),
  'a request for the network 0': asked(3, 50, 4, 0, 0, 0, 0, 255),
  'a decline of nothing': asked(4, 255),
  'an INFORM without ciaddr': asked(8, 255),
  'a message type of 0': asked(0, 255),
  'a message type of 255': asked(255, 255),
};
for (const hlen of [0, 1, 5, 7, 16, 17, 255]) {
  const bytes = asked(1, 255);
  bytes[2] = hlen;
  Object.assign(known, { [`hlen ${hlen}`]: bytes });
}
for (const [name, byte] of [
  ['zero', 0],
  ['broadcast', 255],
  ['multicast', 1],
] as const) {
  Object.assign(known, { [`chaddr ${name}`]: asked(1, 255).fill(byte, 28, 34) });
}

const corpus: readonly Uint8Array[] = [
  ...Object.values(known),
  ...captures.map(({ bytes }) => bytes),
  ...captures.flatMap(({ bytes }) =>
    Array.from({ length: 80 }, (_, at) => bytes.subarray(0, bytes.length - at * 5)),
  ),
];

/** Options 52, 55, 57, 61 and 82, each of every edge of its length and of its values, whole and cut off. */
const edges: readonly Uint8Array[] = [52, 55, 57, 61, 82].flatMap((code) => [
  ...[0, 1, 2, 3, 4, 5, 63, 64, 127, 128, 129, 254, 255].flatMap((length) =>
    [0, 1, 2, 6, 255].flatMap((byte) => {
      const value = new Array<number>(length).fill(byte);
      return [asked(1, code, length, ...value, 255), asked(1, code, length, ...value.slice(1))];
    }),
  ),
  ...Array.from({ length: 256 }, (_, value) => asked(3, code, 1, value, 255)),
  ...[0, 1, 255, 256, 299, 300, 575, 576, 577, 1500, 1501, 65_279, 65_280, 65_535].map((value) =>
    asked(1, code, 2, value >> 8, value & 255, 255),
  ),
]);

/** Every length that a hardware address can claim. */
const everyHlen: readonly Uint8Array[] = Array.from({ length: 256 }, (_, hlen) =>
  asked(1, 255).fill(hlen, 2, 3),
);

/** A real packet with a few bytes changed: most of it still makes sense. */
const mutated = fc
  .tuple(
    fc.constantFrom(...captures.map(({ bytes }) => bytes)),
    fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 8 }),
  )
  .map(([bytes, changes]) => {
    const copy = bytes.slice();
    for (const [at, byte] of changes) copy[at % copy.length] = byte;
    return copy;
  });

/** Options of random codes, lengths and bytes behind a sound header. */
const random = fc
  .uint8Array({ maxLength: 400 })
  .map((bytes) => Uint8Array.from([...header, 53, 1, 1, ...bytes]));

/** Decodes, reads and prints; whatever is wrong is a MalformedError. */
function survives(bytes: Uint8Array): void {
  try {
    const packet = decode(bytes);
    print(packet);
    readRequest(packet);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
}

describe('services/dhcp, whatever comes in', () => {
  for (const [what, bytes] of Object.entries(known)) {
    it(`survives ${what}`, () => survives(bytes));
  }

  it('survives every prefix of every capture', () => {
    for (const { bytes } of captures) {
      for (let length = 0; length <= bytes.length; length++) survives(bytes.subarray(0, length));
    }
  });

  it('survives any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 700 }), survives), { numRuns: 500 });
    fc.assert(fc.property(random, survives), { numRuns: 2000 });
    fc.assert(fc.property(mutated, survives), { numRuns: 2000 });
  });

  it('survives every hlen, and options 52, 55, 57, 61 and 82 at their edges', () => {
    for (const bytes of [...everyHlen, ...edges]) survives(bytes);
  });

  it('never says more than option 57 allows, and always 300 bytes or more', () => {
    const { handle } = dhcpHandler({ machines: everybody, log: silentLog('error') });
    const relayInfo = [82, 255, ...new Array<number>(255).fill(1)];
    for (let size = 0; size < 65_536; size += 257) {
      const bytes = asked(
        1,
        57,
        2,
        size >> 8,
        size & 255,
        61,
        255,
        ...new Array<number>(255).fill(7),
        ...relayInfo,
        255,
      );
      const most = Math.max(576, Math.min(size, 1500)) - 28;
      expect(handle(bytes, fromNobody)?.bytes.length, `${size}`).to.be.within(300, most);
    }
  });

  for (const level of ['debug', 'info', 'warn', 'error']) {
    it(`is answered or dropped by the handler, at log level ${level}`, () => {
      const { handle } = dhcpHandler({
        machines: everybody,
        log: silentLog(level),
        now: () => performance.now(),
      });
      const unicast = { ...fromNobody, sourceAddress: ip('10.99.0.1'), ifindex: 99 };
      const handled = (bytes: Uint8Array) => {
        for (const info of [fromNobody, unicast]) {
          const reply = handle(bytes, info);
          if (reply !== undefined) expect(reply.bytes.length).to.be.within(300, 1472);
        }
      };
      for (const bytes of [...corpus, ...everyHlen, ...edges]) handled(bytes);
      const relayed = captures.find(({ name }) => name === 'relay-isc-request')!.bytes;
      for (let length = 0; length <= relayed.length; length++) handled(relayed.subarray(0, length));
      fc.assert(fc.property(fc.oneof(random, mutated), handled), { numRuns: 500 });
    });
  }

  for (const onProxyPort of [false, true]) {
    const port = onProxyPort ? 4011 : 67;
    it(`gives nobody an address and says no NAK as a proxy, on port ${port}`, () => {
      const args = ['--dhcp-mode=auto-proxy'];
      const { handle } = dhcpHandler({ machines: everybody, args, onProxyPort, log: silentLog('error') });
      const handled = (bytes: Uint8Array) => {
        const reply = handle(bytes, fromNobody);
        if (reply === undefined) return;
        const said = decode(reply.bytes);
        expect(said.yiaddr).to.equal(0);
        expect([2, 5]).to.include(said.options.read('messageType'));
        expect(said.options.get(51)).to.equal(undefined);
        expect(reply.bytes.length).to.be.within(300, 1472);
      };
      for (const bytes of [...corpus, ...everyHlen, ...edges]) handled(bytes);
      fc.assert(fc.property(fc.oneof(random, mutated), handled), { numRuns: 2000 });
    });
  }

  it('keeps its memory and answers known machines in time while a million strangers pass by', function () {
    this.timeout(60_000);
    const known = machine({ dhcp: { mac: readRequest(decode(captures[0]!.bytes)).mac! } });
    const machines = { ...everybody, byMac: (mac: string) => (mac === known.dhcp.mac ? known : undefined) };
    const { handle } = dhcpHandler({ machines, log: silentLog('info'), now: () => performance.now() });
    const stranger = asked(1, 255);
    const address = new DataView(stranger.buffer);
    let slowest = 0;
    const storm = (packets: number) => {
      for (let packet = 0; packet < packets; packet++) {
        address.setUint32(30, Math.imul(packet, 2_654_435_761));
        handle(stranger, fromNobody);
        if (packet % 1000 !== 0) continue;
        const asked = performance.now();
        expect(handle(captures[0]!.bytes, fromNobody)).to.not.equal(undefined);
        slowest = Math.max(slowest, performance.now() - asked);
      }
    };
    storm(50_000);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    storm(1_000_000);
    globalThis.gc?.();
    expect(process.memoryUsage().heapUsed - before).to.be.below(64 * 1024 * 1024);
    expect(slowest).to.be.below(500);
  });
});
