import { expect } from 'chai';
import type { BootEvent } from '#shared/events/event.ts';
import { FetchesUnderWay } from '#shared/events/fetches.ts';

/** Fetches at a clock of the test's own. */
function watched() {
  const told: BootEvent[] = [];
  const clock = { now: 0 };
  const fetches = new FetchesUnderWay(
    (event) => told.push(event),
    () => clock.now,
  );
  /** Lets time go by, and looks each second. */
  const pass = (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      clock.now += 1000;
      fetches.look();
    }
  };
  const event = (file: string): BootEvent => ({
    at: 1_800_000_000_000,
    mac: undefined,
    stage: 'http',
    outcome: 'yes',
    why: 'ok',
    said: 'artifact',
    details: { file },
    ms: clock.now,
  });
  return { told, clock, pass, begin: (file: string) => fetches.begin(() => event(file)) };
}

describe('shared/events/fetches.ts', () => {
  it('tells nothing of a fetch that is over within five seconds', () => {
    const { told, pass, begin } = watched();
    const fetch = begin('vmlinuz');
    pass(4);
    expect(fetch.end()).to.equal(undefined);
    pass(60);
    expect(told).to.deep.equal([]);
  });

  it('tells of one that lasts, less and less often, but every half minute, under one id until its end', () => {
    const { told, pass, begin } = watched();
    const fetch = begin('vmlinuz');
    pass(135);
    expect(told.map(({ ms }) => ms / 1000)).to.deep.equal([5, 10, 20, 40, 70, 100, 130]);
    for (const event of told) {
      expect(event).to.include({ outcome: 'heard', said: 'fetching', why: 'ok', stage: 'http' });
      expect(event.fetch).to.match(/^[0-9a-f]{16}$/);
    }
    expect(new Set(told.map((event) => event.fetch)).size).to.equal(1);
    expect(fetch.end()).to.equal(told[0]?.fetch);
    pass(60);
    expect(told).to.have.length(7);
  });

  it('tells of ten thousand in turn, four hundred a second, and forgets none', () => {
    const { told, pass, begin } = watched();
    for (let at = 0; at < 10_000; at++) begin(`file-${at}`);
    pass(5);
    expect(told).to.have.length(400);
    pass(24);
    expect(new Set(told.map(({ details }) => details.file)).size).to.equal(10_000);
    const before = told.length;
    pass(60);
    expect(told.length - before).to.be.at.most(60 * 400);
    // Nobody waits so long that it would be given up.
    const last = new Map(told.map(({ details, ms }) => [details.file, ms]));
    expect(Math.min(...last.values())).to.be.greaterThan(89_000 - 60_000);
  });
});
