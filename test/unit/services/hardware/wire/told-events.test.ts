import { expect } from 'chai';
import fc from 'fast-check';
import { MalformedError } from '#shared/errors.ts';
import { BootService } from '#shared/events/contract.ts';
import type { BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { readEvent } from '../../../../../services/hardware/decide/boots/read-event.ts';
import { messageField } from '../../../../../services/hardware/wire/protobuf.ts';
import { readToldEvents } from '../../../../../services/hardware/wire/told-events.ts';
import { refusesOnlyMalformed } from '../../../../support/malformed.ts';

const { requestSerialize: write, requestDeserialize: readPlainly } = BootService.service.ReportEvents;

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ minLength: 60, maxLength: 200 }),
  fc.constantFrom('', '52:54:00:77:00:07', 'ok', 'OFFER', 'vmlinuz-x86_64'),
);
const uint32 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const int64 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
const key = text.filter((one) => one !== '__proto__');

/** Any event that the contract can say; a field that is added to it has to be added here, and to the reader. */
const event: fc.Arbitrary<BootEvent> = fc.record(
  {
    timeUnixMilli: int64,
    machine: fc.record({ mac: text, name: text, clientUuid: text, address: text }, { requiredKeys: [] }),
    stage: fc.constantFrom('STAGE_UNSPECIFIED', 'DHCP', 'TFTP', 'HTTP', 'ISO', 'SYSLOG', 'OS'),
    outcome: fc.constantFrom('OUTCOME_UNSPECIFIED', 'YES', 'NO', 'HEARD'),
    reason: text,
    said: text,
    details: fc.dictionary(key, text, { noNullPrototype: true }),
    durationMicros: int64,
    traceId: text,
    xid: uint32,
    repeats: uint32,
    id: int64,
    bootId: int64,
    service: text,
    instance: text,
    fetchId: text,
  },
  { requiredKeys: [] },
);

/** Fields that no release knows, of each wire type: 99 as a varint, of 8 bytes, of a length, of 4 bytes. */
const unknown = Buffer.from([
  ...[0x98, 0x06, 0x81, 0x01],
  ...[0x99, 0x06, 1, 2, 3, 4, 5, 6, 7, 8],
  ...[0x9a, 0x06, 2, 1, 2],
  ...[0x9d, 0x06, 1, 2, 3, 4],
]);

/** A message with one event of these bytes. */
const messageOf = (bytes: Iterable<number>) => Buffer.from(messageField(2, Uint8Array.from(bytes)));

describe('services/hardware/wire/told-events.ts', () => {
  it('reads every event that the contract can say as protobufjs does', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 3 }), int64, (events, dropped) => {
        const bytes = write({ events, dropped });
        const plain = readPlainly(bytes);
        const read = readToldEvents(bytes);
        expect(read?.dropped).to.equal(plain.dropped);
        expect(read?.events).to.deep.equal(
          plain.events.map(({ details = {}, ...rest }) => ({ ...rest, details })),
        );
        // What is beside each event is that event.
        const each = read?.encoded?.map((one) => readToldEvents(messageOf(one))?.events[0]);
        expect(each).to.deep.equal(read?.events);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves a message with anything else in it to protobufjs', () => {
    expect(readToldEvents(write({ hello: { service: 'dhcp' } }))).to.equal(undefined);
    expect(readToldEvents(write({ events: [{}], gap: { events: 1 } }))).to.equal(undefined);
    expect(readToldEvents(Buffer.concat([write({ events: [{}] }), unknown]))).to.equal(undefined);
  });

  it('steps over what it does not know inside an event, and takes a number that it does not know for none', () => {
    const [, , ...said] = write({ events: [{ said: 'ACK' }] });
    expect(readToldEvents(messageOf([...said, ...unknown]))?.events).to.deep.equal([
      { said: 'ACK', details: {} },
    ]);
    expect(readToldEvents(messageOf([0x18, 99]))?.events[0]?.stage).to.equal('STAGE_UNSPECIFIED');
  });

  it('reads times before 1970 as such that are refused', () => {
    const sane = { timeUnixMilli: 1000, stage: 'DHCP', outcome: 'YES', reason: 'ok' } as const;
    const refusalOf = (event: BootEvent) => {
      const [told] = readToldEvents(write({ events: [event] }))?.events ?? [];
      return told && readEvent(told, 2000);
    };
    expect(refusalOf(sane)).to.be.an('object');
    expect(refusalOf({ ...sane, timeUnixMilli: -1 })).to.match(/^its time is 0, negative/);
    expect(refusalOf({ ...sane, durationMicros: -1 })).to.match(/^its duration is negative/);
  });

  it('refuses what is malformed, and never anything but that', () => {
    const proto = write({ events: [{ details: { ['x'.repeat(9)]: 'y' } }] });
    proto.write('__proto__', proto.indexOf('xxxxxxxxx'));
    expect(() => readToldEvents(proto)).to.throw(MalformedError);
    const whole = write({ events: [{ timeUnixMilli: 5, machine: { mac: 'a' }, details: { file: 'b' } }] });
    refusesOnlyMalformed(whole, readToldEvents);
  });
});
