import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import fc from 'fast-check';
import { BootService } from '#shared/events/contract.ts';
import type { BootEvent, BootEvent__Output } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { decodeEvent, encodeEvent } from '../../../../../services/hardware/boots/codec.ts';
import { summaryOf } from '../../../../../services/hardware/boots/listing.ts';
import { bootMigrations } from '../../../../../services/hardware/boots/schema.ts';
import { migrate } from '../../../../../services/hardware/store/schema.ts';
import { readToldEvents } from '../../../../../services/hardware/wire/told-events.ts';
import { TestKeeper } from '../../../../support/boot-keeper.ts';

const begun = 1_800_000_000_000;
const minute = 60_000;

/** A fetch that takes long. */
const slow = {
  details: { file: '/artifacts/vmlinuz', bytes: '1000', size: '4000' },
  fetchId: '5'.repeat(16),
};

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
  { stage: 'HTTP', said: 'fetching', outcome: 'HEARD', ...slow, durationMicros: 5_000_000 },
  { stage: 'HTTP', said: 'fetching', outcome: 'HEARD', ...slow, durationMicros: 90_000_000 },
  { stage: 'HTTP', said: 'artifact', ...slow, durationMicros: 91_000_000 },
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
      const timeUnixMilli = begun + Math.round(minutes * minute);
      // Each machine's fetch is its own.
      const fetchId = happening.fetchId?.replace(/.$/, String(number)) ?? '';
      return {
        outcome: 'YES',
        reason: 'ok',
        durationMicros: 2000,
        ...happening,
        timeUnixMilli,
        fetchId,
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

  it('counts a machine as unknown only once it counts as failed, though the clock of who told it is ahead', () => {
    using test = new TestKeeper(begun);
    const refused = { stage: 'DHCP', said: 'silent', outcome: 'NO', reason: 'unknown-machine' } as const;
    const details = { type: 'DISCOVER', client: 'PXE firmware', arch: 'x86_64-efi' };
    const machine = { mac: '52:54:00:00:00:99' };
    test.tell({ ...refused, details, machine, timeUnixMilli: begun + 2000, durationMicros: 1000 });
    expect(summaryOf(test.keeper.boots, 0)).to.include({ booting: 1, failed: 0, unknown: 0 });
    test.now = begun + 3000;
    test.keeper.flush();
    expect(summaryOf(test.keeper.boots, 0)).to.include({ booting: 0, failed: 1, unknown: 1 });
  });

  describe('of a fetch that takes long', () => {
    const machine = { mac: '52:54:00:77:00:01' };
    const said = (seconds: number, event: BootEvent): BootEvent => ({
      outcome: 'YES',
      reason: 'ok',
      machine,
      timeUnixMilli: begun + seconds * 1000,
      durationMicros: 1000,
      ...event,
    });
    const grown = (seconds: number, bytes: number) =>
      said(1, {
        stage: 'HTTP',
        said: 'fetching',
        outcome: 'HEARD',
        durationMicros: seconds * 1_000_000,
        details: { file: '/artifacts/vmlinuz', bytes: String(bytes), size: '400000000' },
        fetchId: '0123456789abcdef',
      });
    const ended = { ...grown(130, 400_000_000), said: 'artifact', outcome: 'YES' } as const;
    const script = said(0, { stage: 'HTTP', said: 'script', details: { file: '/auto.ipxe' } });

    it('keeps only what was told last, as news for who watches, and in the end only how it ended', () => {
      using test = new TestKeeper(begun + 41_000);
      test.tell(script, grown(5, 10_000_000));
      test.tell(grown(10, 20_000_000), grown(40, 80_000_000));
      const events = test.keeper.events.after(0, 10);
      expect(events).to.have.length(2);
      expect(events[1]!.id).to.equal(4);
      expect(test.boots[0]).to.include({
        state: 'BOOTING',
        reason: 'fetching',
        detail: 'vmlinuz, 80 of 400 MB',
        events: 2,
      });
      expect(test.keeper.kept).to.equal(2);

      test.now = begun + 132_000;
      test.tell(ended);
      expect(test.keeper.events.after(4, 10)).to.have.length(1);
      expect(test.boots[0]).to.include({ state: 'BOOTING', reason: 'ok', events: 2 });
      // Told late, by a stream that broke off.
      test.tell(grown(100, 200_000_000));
      expect(test.keeper.events.after(0, 10)).to.have.length(2);
      expect(test.keeper.kept).to.equal(2);
      expect(test.boots[0]).to.include({ reason: 'ok', events: 2 });
    });

    it('reads few of those that a reporter says are all of one fetch', () => {
      using test = new TestKeeper(begun + 132_000);
      test.tell(script, ...Array.from({ length: 100 }, () => ended));
      expect(test.keeper.kept).to.equal(101);
      expect(test.keeper.events.ofFetch('0123456789abcdef').length).to.be.below(10);
      // It is over all the same.
      test.tell(grown(100, 200_000_000));
      expect(test.keeper.kept).to.equal(101);
    });

    it('replaces it also when the service was started anew meanwhile', () => {
      const database = new DatabaseSync(':memory:');
      migrate(database, bootMigrations);
      const first = new TestKeeper(begun + 6000, {}, database);
      first.tell(script, grown(5, 10_000_000));
      using second = new TestKeeper(begun + 41_000, {}, database);
      second.tell(grown(40, 80_000_000));
      expect(second.keeper.events.after(0, 10)).to.have.length(2);
      expect(second.boots[0]).to.include({ state: 'BOOTING', detail: 'vmlinuz, 80 of 400 MB', events: 2 });
    });
  });

  describe('of an event that does not say whose it is', () => {
    const mac = (number: number) => `52:54:00:77:00:0${number}`;
    const dhcp = (number: number, more: BootEvent = {}): BootEvent => ({
      ...happenings[0],
      outcome: 'YES',
      reason: 'ok',
      timeUnixMilli: begun,
      machine: { mac: mac(number), clientUuid: `uuid-${number}`, address: `10.0.0.${number}` },
      xid: number,
      traceId: String(number).repeat(32),
      ...more,
    });
    const nameless = (more: BootEvent): BootEvent => ({
      ...happenings[6],
      outcome: 'YES',
      reason: 'ok',
      timeUnixMilli: begun + 1000,
      ...more,
    });
    const ownerOf = (test: TestKeeper) =>
      test.keeper.events.after(0, 100).map(({ boot }) => test.keeper.boots.byId(boot)?.mac);

    for (const [trace, event] of Object.entries({
      'its trace': { traceId: '2'.repeat(32) },
      'its client UUID': { machine: { clientUuid: 'uuid-2' } },
      'its xid': { xid: 2 },
      'its address': { machine: { address: '10.0.0.2' } },
    })) {
      it(`tells by ${trace}, before or after it is known`, () => {
        using test = new TestKeeper(begun + 2000);
        test.tell(dhcp(1), nameless(event));
        test.tell(dhcp(2), nameless(event));
        expect(ownerOf(test)).to.deep.equal([mac(1), mac(2), mac(2), mac(2)]);
      });
    }

    it('believes none that two machines share', () => {
      using test = new TestKeeper(begun + 2000, { ownerlessFor: 0 });
      const machine = (number: number) => ({
        mac: mac(number),
        clientUuid: 'the-same-on-every-board',
        address: `10.0.0.${number}`,
      });
      test.tell(dhcp(1, { machine: machine(1) }), dhcp(2, { machine: machine(2) }));
      const shared = { clientUuid: 'the-same-on-every-board' };
      test.tell(nameless({ machine: shared }), nameless({ machine: { ...shared, address: '10.0.0.2' } }));
      expect(ownerOf(test)).to.deep.equal([mac(1), mac(2), undefined, mac(2)]);
    });

    it('keeps it without a boot when nothing tells in time', () => {
      using test = new TestKeeper(begun + 2000);
      test.tell(nameless({ xid: 77 }));
      expect(test.keeper.events.count()).to.equal(0);
      test.now += 2000;
      test.tell();
      expect(ownerOf(test)).to.deep.equal([undefined]);
      expect(test.boots).to.deep.equal([]);
    });

    it('does not wait for a clock that went back', () => {
      using test = new TestKeeper(begun + 2000);
      test.tell(nameless({ xid: 77 }));
      test.now -= 60 * minute;
      test.tell();
      expect(ownerOf(test)).to.deep.equal([undefined]);
    });
  });

  it('says of when the events were that it had to leave out, because too many waited or they could not be written', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, bootMigrations);
    using test = new TestKeeper(begun, { waiting: 2 }, database);
    const machine = { mac: '52:54:00:77:00:01' };
    const at = (seconds: number): BootEvent => ({
      ...happenings[0],
      outcome: 'YES',
      reason: 'ok',
      machine,
      timeUnixMilli: begun + seconds * 1000,
      durationMicros: 2000,
    });
    test.tell(at(1), at(2), at(3), at(4));
    expect(test.missed).to.deep.equal([{ events: 2, from: begun + 3000, to: begun + 4002 }]);
    test.tell(at(5));
    database.exec('ALTER TABLE event RENAME TO elsewhere');
    test.tell(at(6));
    database.exec('ALTER TABLE elsewhere RENAME TO event');
    test.tell(at(7));
    expect(test.missed.slice(1)).to.deep.equal([{ events: 1, from: begun + 6000, to: begun + 6002 }]);
  });

  it('lives on when its database cannot be read, and counts what is lost', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, bootMigrations);
    using test = new TestKeeper(begun, {}, database);
    database.exec('DROP TABLE boot');
    test.tell({
      ...happenings[0],
      timeUnixMilli: begun,
      machine: { mac: '52:54:00:77:00:01' },
      outcome: 'YES',
      reason: 'ok',
    });
    test.keeper.recordsChanged();
    test.keeper.sweep();
    expect(Object.fromEntries(test.counts)).to.deep.equal({ lost: 1 });
    expect(test.sink.lines[0]).to.include({ level: 'error', events: 1 });
  });

  describe('in a storm', () => {
    const machines = Array.from(
      { length: 300 },
      (_, number): BootEvent => ({
        ...happenings[0],
        outcome: 'YES',
        reason: 'ok',
        timeUnixMilli: begun,
        machine: {
          mac: `52:54:00:77:01:${number.toString(16).padStart(2, '0').slice(-2)}`,
          clientUuid: `${number}`,
        },
      }),
    );
    const source = { service: 'dhcp', instance: 'test' };

    it('writes a portion at a time, and others have their turn in between', async () => {
      using test = new TestKeeper(begun, { flushEvery: 0 });
      const written: number[] = [];
      const done = Promise.withResolvers<void>();
      test.keeper.onChange(() => {
        written.push(test.keeper.events.count());
        if (test.keeper.events.count() === machines.length) done.resolve();
        else setImmediate(() => written.push(0));
      });
      for (const machine of machines) test.keeper.accept(machine as BootEvent__Output, source);
      await done.promise;
      expect(written).to.deep.equal([128, 0, 256, 0, 300]);
    });

    it('judges a portion at a time of what time has changed for all', () => {
      using test = new TestKeeper(begun);
      test.tell(...machines.slice(0, 256));
      test.now = begun + 2 * minute;
      const failed = () => test.boots.filter(({ state }) => state === 'FAILED').length;
      test.keeper.sweep();
      expect(failed()).to.equal(64);
      test.keeper.flush();
      expect(failed()).to.equal(256);
    });
  });

  describe('an event whose bytes are at hand', () => {
    const source = { service: 'dhcp', instance: 'dhcp-1' };
    const plain: BootEvent = {
      ...happenings[0],
      timeUnixMilli: begun,
      machine: { mac: '52:54:00:77:00:01', name: 'one', clientUuid: '', address: '10.0.0.1' },
      outcome: 'YES',
      reason: 'ok',
      xid: 7,
    };
    const { ReportEvents } = BootService.service;
    /** What is kept of it. */
    const keptOf = (event: BootEvent, beside: readonly number[] = []) => {
      using test = new TestKeeper(begun);
      test.names.set('52:54:00:77:00:01', 'one');
      const [told] = readToldEvents(ReportEvents.requestSerialize({ events: [event] }))?.events ?? [];
      const encoded = Buffer.concat([encodeEvent(event), Buffer.from(beside)]);
      test.keeper.accept(told!, source, encoded);
      test.keeper.flush();
      return test.keeper.events.after(0, 1)[0]!.body;
    };

    it('is kept as those, and by whom it was told', () => {
      expect(keptOf(plain)).to.deep.equal(Uint8Array.from([...encodeEvent(plain), ...encodeEvent(source)]));
      expect(decodeEvent(keptOf(plain))).to.deep.equal({ ...decodeEvent(encodeEvent(plain)), ...source });
    });

    const others: Readonly<Record<string, BootEvent>> = {
      'says whose it is by another name': { ...plain, machine: { ...plain.machine, name: '' } },
      'has an id': { ...plain, id: 5 },
      'has a boot': { ...plain, bootId: 5 },
      'says by whom it is told': { ...plain, service: 'http' },
    };
    for (const [name, event] of Object.entries(others)) {
      it(`is made anew when it ${name}`, () => {
        const { id: _id, bootId: _bootId, ...kept } = decodeEvent(encodeEvent(plain))!;
        expect(decodeEvent(keptOf(event))).to.deep.equal({ ...kept, ...source });
      });
    }

    it('is made anew when there is much in it that no release knows', () => {
      const unknown = [0x9a, 0x06, 0x80, 0x80, 0x01, ...new Uint8Array(16_384)];
      expect(keptOf(plain, unknown).length).to.be.lessThan(300);
    });
  });

  it('shows the address that DHCP gave, wherever packets come from afterwards', () => {
    using test = new TestKeeper(begun);
    const at = { outcome: 'YES', reason: 'ok', timeUnixMilli: begun } as const;
    const from = (address: string) => ({ ...at, machine: { mac: '52:54:00:77:00:01', address } });
    const seen = () => test.boots[0]?.machine?.address;
    test.tell({ ...happenings[6], ...from('10.0.0.9') });
    expect(seen()).to.equal('10.0.0.9');
    test.tell({
      ...happenings[1],
      details: { ...happenings[1]?.details, ip: '10.0.0.1' },
      ...from('10.0.0.1'),
    });
    test.tell({ ...happenings[8], ...from('127.0.0.1') });
    expect(seen()).to.equal('10.0.0.1');
  });

  it('calls a machine as its record does from the moment that it has one', () => {
    using test = new TestKeeper(begun);
    const machine = { mac: '52:54:00:77:00:01' };
    const discover: BootEvent = { ...happenings[0], outcome: 'YES', reason: 'ok', machine };
    test.tell({ ...discover, timeUnixMilli: begun });
    test.names.set(machine.mac, 'rack1-node01');
    test.keeper.recordsChanged();
    test.tell({ ...discover, timeUnixMilli: begun + 1000 });
    expect(test.boots.map((boot) => boot.machine?.name)).to.deep.equal(['rack1-node01']);
  });

  it('begins no boot for a system that renews its address, and leaves the last one as it was', () => {
    using test = new TestKeeper(begun);
    const machine = { mac: '52:54:00:77:00:01', address: '10.0.0.1' };
    const at = (minutes: number, happening: BootEvent | undefined): BootEvent => ({
      outcome: 'YES',
      reason: 'ok',
      ...happening,
      machine,
      timeUnixMilli: begun + minutes * minute,
    });
    const renewal = happenings[5];
    test.tell(at(0, happenings[0]), at(0, happenings[1]), at(0.1, happenings[6]), at(0.2, happenings[9]));
    test.now = begun + 12 * minute;
    test.keeper.sweep();
    const [before] = test.boots;
    expect(before).to.include({ state: 'HANDED_OVER' });
    for (const hours of [1, 2, 30]) {
      test.now = begun + hours * 60 * minute;
      test.tell(at(hours * 60, renewal));
    }
    const [after, ...others] = test.boots;
    expect(others).to.deep.equal([]);
    expect(after).to.include({ state: 'HANDED_OVER', lastUnixMilli: before!.lastUnixMilli });
    // Those of the same day stand with the boot that they are the end of, as far as anybody knows.
    expect([...test.told].map(([boot, events]) => [boot, events.length])).to.deep.equal([
      [1, 6],
      [0, 1],
    ]);
  });

  it('is told by a phone-home hours later how the boot ended', () => {
    using test = new TestKeeper(begun);
    const machine = { mac: '52:54:00:77:00:01' };
    const event = (happening: BootEvent | undefined, at: number): BootEvent => ({
      outcome: 'YES',
      reason: 'ok',
      ...happening,
      machine,
      timeUnixMilli: at,
    });
    test.tell(event(happenings[0], begun), event(happenings[8], begun + 1000));
    test.now = begun + 180 * minute;
    test.keeper.sweep();
    expect(test.boots[0]).to.include({ state: 'FAILED' });
    // Its disk's system asks for an address first, and is no boot.
    test.tell(event(happenings[5], test.now));
    test.tell(event(happenings[13], test.now + 1000));
    expect(test.boots.map(({ state }) => state)).to.deep.equal(['BOOTED']);
  });
});
