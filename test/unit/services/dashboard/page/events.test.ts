import { expect } from 'chai';
import { withEvents } from '../../../../../services/dashboard/page/live/events.ts';
import type { BootEvent } from '../../../../../services/dashboard/wire/api.ts';

const event = (id: number, at: number, parts: Partial<BootEvent> = {}): BootEvent => ({
  id,
  boot: 1,
  at,
  machine: { mac: 'a', name: '', uuid: '', address: '' },
  stage: 'http',
  outcome: 'yes',
  reason: 'ok',
  said: 'artifact',
  details: {},
  micros: 0,
  repeats: 0,
  service: 'http',
  fetch: '',
  ...parts,
});
const ids = (events: readonly BootEvent[]) => events.map(({ id }) => id);

describe('services/dashboard/page/live/events', () => {
  it('puts events in the order in which they happened, each once', () => {
    const known = [event(1, 10), event(2, 30)];
    expect(ids(withEvents(known, [event(2, 30), event(3, 20)]))).to.deep.equal([1, 3, 2]);
  });

  it('shows of a fetch only what was told last, and in the end how it ended', () => {
    const growing = { said: 'fetching', outcome: 'heard', fetch: 'f' } as const;
    const first = withEvents([event(1, 10)], [event(2, 20, growing)]);
    expect(ids(first)).to.deep.equal([1, 2]);
    const second = withEvents(first, [event(3, 20, growing), event(4, 21, { ...growing, fetch: 'g' })]);
    expect(ids(second)).to.deep.equal([1, 3, 4]);
    expect(ids(withEvents(second, [event(5, 20, { fetch: 'f' })]))).to.deep.equal([1, 5, 4]);
  });
});
