import { expect } from 'chai';
import fc from 'fast-check';
import type { BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { TestKeeper } from '../../../../support/boot-keeper.ts';

const begun = 1_800_000_000_000;
const minute = 60_000;

/** What may happen to a machine while it boots, and afterwards. */
const happenings: readonly BootEvent[] = [
  { stage: 'DHCP', said: 'OFFER', details: { type: 'DISCOVER', client: 'PXE firmware', arch: 'x86_64-efi' } },
  { stage: 'DHCP', said: 'ACK', details: { type: 'REQUEST', client: 'PXE firmware', arch: 'x86_64-efi' } },
  {
    stage: 'DHCP',
    said: 'silent',
    outcome: 'NO',
    reason: 'other-server',
    details: { type: 'REQUEST', client: 'PXE firmware' },
  },
  { stage: 'DHCP', said: 'OFFER', details: { type: 'DISCOVER', client: 'iPXE' } },
  { stage: 'DHCP', said: 'ACK', details: { type: 'REQUEST', client: 'iPXE' } },
  { stage: 'DHCP', said: 'ACK', details: { type: 'REQUEST', client: 'other' } },
  { stage: 'TFTP', said: 'DATA', details: { file: 'ipxe.efi' } },
  { stage: 'TFTP', said: 'DATA', outcome: 'NO', reason: 'timed-out', details: { file: 'ipxe.efi' } },
  { stage: 'HTTP', said: 'script', details: { file: '/auto.ipxe' } },
  { stage: 'HTTP', said: 'artifact', details: { file: '/artifacts/vmlinuz' } },
  {
    stage: 'HTTP',
    said: 'artifact',
    outcome: 'NO',
    reason: 'not-found',
    details: { file: '/artifacts/initrd.img' },
  },
  { stage: 'ISO', said: 'iso', details: { file: 'hook.iso' } },
  { stage: 'SYSLOG', said: 'message', outcome: 'HEARD', details: { 'app-name': 'kernel' } },
  { stage: 'OS', said: 'phone-home', outcome: 'HEARD' },
];

/** Up to forty events of one machine within an hour; some of them say only which address they come from. */
function eventsOf(number: number): fc.Arbitrary<BootEvent[]> {
  const machine = { mac: `52:54:00:77:00:0${number}`, address: `10.0.0.${number}` };
  const event = fc
    .record({
      happening: fc.constantFrom(...happenings),
      minutes: fc.double({ min: 0, max: 60, noNaN: true }),
      knowsMac: fc.boolean(),
    })
    .map(({ happening, minutes, knowsMac }): BootEvent => {
      const isNameless = !knowsMac && happening.stage !== 'DHCP';
      const at = { timeUnixMilli: begun + Math.round(minutes * minute), durationMicros: 2000 };
      return {
        outcome: 'YES',
        reason: 'ok',
        ...happening,
        ...at,
        machine: isNameless ? { address: machine.address } : machine,
      };
    });
  const first: BootEvent = { outcome: 'YES', reason: 'ok', ...happenings[0], timeUnixMilli: begun, machine };
  return fc.array(event, { maxLength: 40 }).map((rest) => [first, ...rest]);
}

/** The boots and what belongs to each, without ids: those are given as they come. */
function outcome(events: readonly BootEvent[], pieces: readonly number[]): unknown {
  using test = new TestKeeper(begun + 62 * minute);
  for (let at = 0, piece = 0; at < events.length; piece++) {
    const size = pieces[piece % pieces.length] ?? 1;
    test.tell(...events.slice(at, at + size));
    at += size;
  }
  test.tell();
  const { boots, told } = test;
  const texts = (id: number) =>
    (told.get(id) ?? [])
      .map(({ timeUnixMilli, said, stage }) => `${timeUnixMilli} ${stage} ${said}`)
      .toSorted();
  return [
    ...boots.map(({ row, id, ...boot }) => ({
      ...boot,
      latest: row.latest,
      open: row.open,
      start: row.start,
      events: texts(row.id),
    })),
    texts(0),
  ];
}

describe('services/hardware/boots/keeper.ts', () => {
  it('makes the same boots of the same events, in whatever order and portions two machines are told of', () => {
    const input = fc
      .tuple(eventsOf(1), eventsOf(2))
      .map((both) => both.flat())
      .chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray(events, { minLength: events.length }),
          fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        ),
      );
    fc.assert(
      fc.property(input, ([events, shuffled, pieces]) => {
        const inOrder = events.toSorted((a, b) => Number(a.timeUnixMilli) - Number(b.timeUnixMilli));
        expect(outcome(shuffled, pieces)).to.deep.equal(outcome(inOrder, [events.length]));
      }),
      { numRuns: 200 },
    );
  });
});
