import { expect } from 'chai';
import fc from 'fast-check';
import { MalformedError } from '#shared/errors.ts';
import type { Hardware } from '#shared/hardware/contract.ts';
import { readHardware } from '#shared/hardware/documents.ts';
import { writeTinkerbell } from '#shared/hardware/tinkerbell.ts';
import { formatIp4, maskOf, parseIp4 } from '#shared/ip4.ts';
import { formatMac, macBytes, macOf, parseMac } from '#shared/mac.ts';
import type { OptionName, OptionValues, ValueKind, ValueTypes } from '../../services/dhcp/wire/codes.ts';
import { optionTable } from '../../services/dhcp/wire/codes.ts';
import { encode } from '../../services/dhcp/wire/encode.ts';
import { packOptions } from '../../services/dhcp/wire/options.ts';
import { decode } from '../../services/dhcp/wire/packet.ts';
import { print } from '../../services/dhcp/wire/print.ts';
import { decodeHardware, encodeHardware } from '../../services/hardware/store/codec.ts';
import { throughTheWire } from '../support/contract.ts';
import { request } from '../support/dhcp-request.ts';

const bits = (count: number) => fc.integer({ min: 0, max: 2 ** count - 1 });
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((view) => Uint8Array.from(view));
const label = fc.stringMatching(/^[a-z0-9_-]{1,63}$/);
const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
/** Trailing NULs are padding, and are cut off. */
const text = fc.string({ maxLength: 80 }).filter((one) => one.isWellFormed() && !one.endsWith('\0'));

/** Any value of each kind that an option can have. */
const values: { readonly [K in ValueKind]: fc.Arbitrary<ValueTypes[K]> } = {
  ip: bits(32),
  ips: fc.array(bits(32), { minLength: 1, maxLength: 70 }),
  u8: bits(8),
  u16: bits(16),
  u32: bits(32),
  u16s: fc.array(bits(16), { minLength: 1, maxLength: 9 }),
  text,
  bytes: bytes(600),
  'relay-info': bytes(255),
  domains: fc.array(name, { maxLength: 4 }),
  routes: fc.array(
    fc.record({
      destination: fc
        .tuple(bits(32), fc.integer({ min: 0, max: 32 }))
        .map(([network, prefix]) => ({ network: (network & maskOf(prefix)) >>> 0, prefix })),
      router: bits(32),
    }),
  ),
  'user-class': fc.array(fc.stringMatching(/^[A-Za-z]{1,40}$/), { minLength: 1, maxLength: 4 }),
  'sub-options': fc.array(fc.record({ code: fc.integer({ min: 1, max: 254 }), bytes: bytes(40) })),
};

const names = (Object.keys(optionTable) as OptionName[]).filter((one) => one !== 'overload');
const options: fc.Arbitrary<OptionValues> = fc.record(
  Object.fromEntries(names.map((one) => [one, values[optionTable[one].value] as fc.Arbitrary<unknown>])),
  { requiredKeys: [] },
);

/** Values as they compare: a view equals its copy. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, one: unknown) => (one instanceof Uint8Array ? [...one] : one)));

describe('every codec', () => {
  it('brings any value of every DHCP option through a packet and back', () => {
    const { options: _none, ...header } = request().packet;
    fc.assert(
      fc.property(options, (given) => {
        const { options: read } = decode(encode(header, packOptions(given), 65_507).bytes);
        for (const one of names)
          expect(plain(read.read(one) ?? null), one).to.deep.equal(plain(given[one] ?? null));
      }),
    );
  });

  it('prints every packet, and never a control character', () => {
    const { options: _none, ...header } = request().packet;
    fc.assert(
      fc.property(options, (given) => {
        const printed = print(decode(encode(header, packOptions(given), 65_507).bytes));
        expect(printed.replaceAll('\n', '')).to.not.match(/\p{Cc}/u);
      }),
    );
  });

  it('brings every MAC and every address through its text and back, and refuses other text without throwing', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 6, maxLength: 6 }),
        bits(32),
        fc.string(),
        (six, address, other) => {
          const mac = macOf(six);
          expect([...macBytes(mac)]).to.deep.equal([...six]);
          for (const format of ['colon', 'dash', 'dot', 'no-delimiter'] as const) {
            expect(parseMac(formatMac(mac, format))).to.equal(mac);
          }
          expect(parseIp4(formatIp4(address))).to.equal(address);
          for (const parsed of [parseMac(other), parseIp4(other)])
            expect(['string', 'number', 'undefined']).to.include(typeof parsed);
        },
      ),
    );
  });

  /** An empty text is an absent one. */
  const some = text.filter((one) => one !== '');
  const record = fc.record({
    name: label,
    labels: fc.dictionary(label, text),
    annotations: fc.dictionary(label, text),
    agentId: some,
    interfaces: fc.array(
      fc.record({
        dhcp: fc.record({
          mac: some,
          hostname: some,
          leaseTime: bits(31).map((half) => half + 1),
          nameServers: fc.array(text),
        }),
        netboot: fc.record({
          ipxe: fc.record({ contents: some }),
          osie: fc.record({ kernelParams: fc.array(text) }),
        }),
      }),
      { maxLength: 3 },
    ),
  });

  it('brings a record through the store’s bytes and back', () => {
    fc.assert(
      fc.property(record, (one) => {
        const hardware: Hardware = throughTheWire(one);
        expect(decodeHardware(encodeHardware(hardware))).to.deep.equal(hardware);
      }),
    );
  });

  it('brings a record through YAML and back, whatever stands in its texts', () => {
    fc.assert(
      fc.property(record, (one) => {
        const hardware = throughTheWire(one);
        const { records, problems } = readHardware(writeTinkerbell([hardware]));
        expect(problems).to.deep.equal([]);
        expect(throughTheWire(records[0]!.hardware)).to.deep.equal(hardware);
      }),
      { numRuns: 200 },
    );
  });

  it('says only MalformedError of bytes that are no packet', () => {
    fc.assert(
      fc.property(bytes(400), (anything) => {
        expect(() => decode(anything)).to.throw(MalformedError);
      }),
    );
  });
});
