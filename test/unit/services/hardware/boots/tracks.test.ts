import { expect } from 'chai';
import type { BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { bootStory } from '../../../../support/boot-events.ts';
import { TestKeeper } from '../../../../support/boot-keeper.ts';

const begun = 1_800_000_000_000;
const mac = '52:54:00:77:00:01';

/** What its system logs, a line every so many seconds. */
function logOf(lines: number, since: number, every = 1): readonly BootEvent[] {
  return Array.from({ length: lines }, (_, line) => ({
    timeUnixMilli: since + line * every * 1000,
    machine: { mac },
    stage: 'SYSLOG',
    outcome: 'HEARD',
    reason: 'ok',
    said: 'message',
    details: { 'app-name': 'kernel', text: `line ${line}` },
  }));
}

/** A boot, in the order in which it happens, without its end. */
function bootFrom(start: number): readonly BootEvent[] {
  const { dhcp, tftp, http } = bootStory(mac, start);
  return [...dhcp, ...tftp, ...http]
    .filter(({ stage }) => stage !== 'OS')
    .toSorted((a, b) => Number(a.timeUnixMilli) - Number(b.timeUnixMilli));
}

function phoneHome(at: number): BootEvent {
  return {
    timeUnixMilli: at,
    machine: { mac },
    stage: 'OS',
    outcome: 'HEARD',
    reason: 'ok',
    said: 'phone-home',
  };
}

const told = ({ boots }: TestKeeper) =>
  boots.map(({ state, startedUnixMilli }) => [state, Number(startedUnixMilli)]);

describe('services/hardware/boots/tracks.ts', () => {
  it('ends a boot that phones home after a long log, also when it was not in memory any more', () => {
    using test = new TestKeeper(begun, { machines: 0 });
    test.tell(...bootFrom(begun));
    test.now = begun + 600_000;
    for (const line of logOf(900, begun + 60_000, 0.5)) test.tell(line);
    test.now = begun + 700_000;
    test.tell(phoneHome(begun + 700_000));
    expect(told(test)).to.deep.equal([['BOOTED', begun]]);
  });

  it('writes of a boot that goes on what it would write of it all at once', () => {
    const { dhcp, tftp, http } = bootStory(mac, begun);
    const refused: BootEvent = { ...tftp[0], outcome: 'NO', reason: 'timed-out' };
    const leased: BootEvent = { ...dhcp[1], machine: { mac, address: '10.0.0.7' } };
    const story = [
      ...dhcp.slice(0, 2),
      leased,
      refused,
      ...tftp,
      ...dhcp.slice(2),
      ...http,
      ...bootFrom(begun + 90_000),
    ];
    using bitByBit = new TestKeeper(begun + 120_000);
    for (const [at, event] of story.entries()) {
      bitByBit.tell(event);
      using atOnce = new TestKeeper(begun + 120_000);
      atOnce.tell(...story.slice(0, at + 1));
      const rows = ({ boots }: TestKeeper) => boots.map(({ row: { change: _change, ...row } }) => row);
      expect(rows(bitByBit)).to.deep.equal(rows(atOnce));
    }
  });

  it('writes a boot that goes on anew when its row was deleted meanwhile', () => {
    using test = new TestKeeper(begun);
    const [first, ...rest] = bootFrom(begun);
    test.tell(first!);
    test.keeper.boots.deleteAged(Number.MAX_SAFE_INTEGER, 1);
    expect(test.boots).to.deep.equal([]);
    test.tell(...rest);
    expect(told(test)).to.deep.equal([['BOOTING', begun]]);
  });

  it('keeps every boot of a machine that logs much and restarts often', () => {
    using test = new TestKeeper(begun);
    const starts = Array.from({ length: 9 }, (_, boot) => begun + boot * 100_000);
    for (const start of starts) {
      test.now = start + 90_000;
      test.tell(...bootFrom(start), ...logOf(50, start + 31_000));
    }
    expect(test.boots.map(({ startedUnixMilli }) => Number(startedUnixMilli))).to.deep.equal(starts);
  });

  it('keeps a boot whose first events are not kept any more', () => {
    using test = new TestKeeper(begun, { machines: 0, eventsPerMachine: 100 });
    test.tell(...bootFrom(begun));
    test.now = begun + 300_000;
    for (const line of logOf(400, begun + 60_000, 0.5)) test.tell(line);
    test.now = begun + 400_000;
    test.tell(phoneHome(begun + 400_000));
    expect(told(test)).to.deep.equal([['BOOTED', begun]]);
  });
});
