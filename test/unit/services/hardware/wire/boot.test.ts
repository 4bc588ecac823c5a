import { expect } from 'chai';
import fc from 'fast-check';
import { BootService } from '#shared/events/contract.ts';
import type { Boot__Output } from '#shared/generated/smee/boot/v1/Boot.ts';
import { bootBytes } from '../../../../../services/hardware/wire/boot.ts';
import { messageField } from '../../../../../services/hardware/wire/protobuf.ts';

const { responseSerialize: write, responseDeserialize: read } = BootService.service.GetBoot;

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ minLength: 120, maxLength: 135 }),
  fc.string({ minLength: 5000, maxLength: 6000 }),
  fc.constantFrom('', 'ä'.repeat(64), 'x'.repeat(127), 'x'.repeat(128), 'x'.repeat(16_384)),
);
const uint32 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const int64 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
const stage = fc.constantFrom('STAGE_UNSPECIFIED', 'DHCP', 'TFTP', 'HTTP', 'ISO', 'SYSLOG', 'OS');

/** Any boot that the contract can say; a field that is added to it has to be added here, and to the writer. */
const boot: fc.Arbitrary<Boot__Output> = fc.record(
  {
    id: int64,
    machine: fc.record({ mac: text, name: text, clientUuid: text, address: text }, { requiredKeys: [] }),
    state: fc.constantFrom('STATE_UNSPECIFIED', 'BOOTING', 'BOOTED', 'FAILED', 'HANDED_OVER'),
    stage,
    reason: text,
    detail: text,
    means: text,
    action: text,
    arch: text,
    client: text,
    startedUnixMilli: int64,
    lastUnixMilli: int64,
    events: uint32,
    stages: fc.array(
      fc.record(
        { stage, startedUnixMilli: int64, lastUnixMilli: int64, ok: fc.boolean() },
        { requiredKeys: [] },
      ),
      { maxLength: 7 },
    ),
  },
  { requiredKeys: ['stages'] },
);

describe('services/hardware/wire/boot.ts', () => {
  it('writes every boot that the contract can say byte for byte as protobufjs does', () => {
    fc.assert(
      fc.property(boot, (one) => {
        const written = messageField(1, bootBytes(one));
        expect(Buffer.compare(written, write({ boot: one }))).to.equal(0);
        expect(read(Buffer.from(written)).boot).to.deep.equal(one);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives out a copy, which the next one does not touch', () => {
    const first = bootBytes({ id: 1, detail: 'first', stages: [] });
    const before = [...first];
    bootBytes({ id: 2, detail: 'other', stages: [] });
    expect([...first]).to.deep.equal(before);
  });
});
