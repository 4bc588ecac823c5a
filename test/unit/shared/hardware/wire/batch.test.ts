import { expect } from 'chai';
import fc from 'fast-check';
import { MalformedError } from '#shared/errors.ts';
import type { HardwareInput } from '#shared/hardware/contract.ts';
import { contract, HardwareService } from '#shared/hardware/contract.ts';
import { toMachines } from '#shared/hardware/convert.ts';
import { readBatch } from '#shared/hardware/wire/batch.ts';
import { Words } from '#shared/hardware/wire/words.ts';
import { refusesOnlyMalformed } from '../../../../support/malformed.ts';

const { responseSerialize: write, responseDeserialize: readPlainly } = HardwareService.service.WatchHardware;

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly typeName: string;
}

interface Message {
  readonly field: readonly Field[];
  readonly nestedType: readonly (Message & { readonly name: string })[];
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ minLength: 60, maxLength: 200 }),
  fc.constantFrom(
    '',
    '52:54:00:77:00:07',
    '5254.0077.0007',
    '10.77.0.1',
    '255.255.0.0',
    '10.20.0.0/16',
    'none',
  ),
);

/** Anything that a message of the contract can hold, made from the contract: a field added tomorrow is among them. */
function anything(name: string): fc.Arbitrary<object> {
  if (name === 'google.protobuf.Struct')
    return fc.record({ fields: fc.dictionary(text, fc.constant({ stringValue: 'x' })) });
  const message = (contract[name] as { type?: Message } | undefined)?.type;
  if (message === undefined) throw new Error(`the contract has no ${name}`);
  const fields = message.field.map((field) => [camelCase(field.name), anyField(message, field)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}

function anyField({ nestedType }: Message, { label, type, typeName, name }: Field): fc.Arbitrary<unknown> {
  if (nestedType.some((entry) => typeName.endsWith(entry.name)))
    return fc.dictionary(
      fc.oneof(text, fc.constant('smee/quirks')),
      fc.oneof(text, fc.constant('x64-as-ebc')),
    );
  const one = anyValue(
    type,
    typeName.replace(/^\.?(?!smee|google)/, 'smee.hardware.v1.').replace(/^\./, ''),
    name,
  );
  return label === 'LABEL_REPEATED' ? fc.array(one, { maxLength: 3 }) : one;
}

function anyValue(type: string, typeName: string, name: string): fc.Arbitrary<unknown> {
  switch (type) {
    case 'TYPE_STRING':
      return text;
    case 'TYPE_BOOL':
      return fc.boolean();
    case 'TYPE_UINT32':
      return fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    case 'TYPE_UINT64':
      return fc.oneof(fc.nat(300), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
    case 'TYPE_MESSAGE':
      return anything(typeName);
    default:
      throw new Error(`${name} is a ${type}, which this test cannot make`);
  }
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

const events = fc.array(
  fc.record({
    type: fc.constantFrom('ADDED', 'MODIFIED', 'DELETED', 'SYNCED', 'TYPE_UNSPECIFIED'),
    hardware: fc.option(anything('smee.hardware.v1.Hardware'), { nil: undefined }),
    revision: fc.nat(),
  }),
  { maxLength: 3 },
);

/** Fields that no release knows, of each wire type: 99 as a varint, of 8 bytes, of a length, of 4 bytes. */
const unknown = Buffer.from([
  ...[0x98, 0x06, 0x81, 0x01],
  ...[0x99, 0x06, 1, 2, 3, 4, 5, 6, 7, 8],
  ...[0x9a, 0x06, 2, 1, 2],
  ...[0x9d, 0x06, 1, 2, 3, 4],
]);

describe('shared/hardware/wire/batch.ts', () => {
  it('makes the same machines of every record that the contract can say as protobufjs does', () => {
    fc.assert(
      fc.property(fc.string(), events, (storeId, told) => {
        const bytes = Buffer.concat([write({ storeId, events: told as never }), unknown]);
        const plain = readPlainly(bytes);
        const read = readBatch(bytes);
        expect(read.storeId).to.equal(plain.storeId ?? '');
        expect(read.events).to.have.length(plain.events.length);
        for (const [at, { type, hardware, revision }] of read.events.entries()) {
          const expected = plain.events[at]!;
          expect({ type, revision, name: hardware?.name }).to.deep.equal({
            type: expected.type ?? 'TYPE_UNSPECIFIED',
            revision: expected.revision ?? 0,
            name: expected.hardware?.name,
          });
          expect(hardware && toMachines(hardware)).to.deep.equal(
            expected.hardware && toMachines(expected.hardware),
          );
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('steps over what it does not know inside a record, too', () => {
    const record: HardwareInput = { name: 'a', interfaces: [{ dhcp: { mac: '52:54:00:77:00:07' } }] };
    const [, , ...inside] = write({ events: [{ hardware: record }] });
    const event = Buffer.from([...inside, ...unknown]);
    const [first] = readBatch(Buffer.from([0x12, event.length, ...event])).events;
    expect(first?.hardware?.interfaces[0]?.dhcp?.mac).to.equal('52:54:00:77:00:07');
  });

  it('refuses a field whose number is beyond 32 bits, and does not take it for the end', () => {
    const beyond = [0x80, 0x80, 0x80, 0x80, 0x10];
    const rest = write({ storeId: 'store', events: [] });
    expect(() => readBatch(Buffer.from([...beyond, 0, ...rest]))).to.throw(MalformedError);
  });

  it('refuses what is malformed, and never anything but that', () => {
    const whole = write({
      storeId: 'store',
      events: [
        { type: 'ADDED', hardware: { name: 'a', interfaces: [{ dhcp: { mac: 'x', leaseTime: 1 } }] } },
      ],
    });
    for (let length = 1; length < whole.length; length++) {
      if (length === 7) continue;
      expect(() => readBatch(whole.subarray(0, length)), `${length} bytes`).to.throw(MalformedError);
    }
    refusesOnlyMalformed(whole, readBatch);
  });
});

describe('shared/hardware/wire/words.ts', () => {
  it('gives the text of any bytes, seen before or not', () => {
    const words = new Words();
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.uint8Array({ maxLength: 2 }),
      text.map((one) => Buffer.from(one)),
    );
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 20 }), (all) => {
        for (const one of [...all, ...all]) {
          const padded = Buffer.from([0x61, ...one, 0x62]);
          expect(words.take(padded, 1, padded.length - 1)).to.equal(Buffer.from(one).toString('utf8'));
        }
      }),
    );
  });
});
