import { expect } from 'chai';
import type { BootEvent } from '#shared/events/event.ts';
import { RepeatedEvents } from '#shared/events/repeated-events.ts';

const event: BootEvent = {
  at: 1,
  mac: '52:54:00:77:00:07' as NonNullable<BootEvent['mac']>,
  stage: 'http',
  outcome: 'yes',
  why: 'ok',
  said: 'script',
  details: {},
  ms: 1,
};

describe('shared/events/repeated-events.ts', () => {
  for (const begun of [1000, 2 ** 31 + 0.5, 2 ** 32 + 5])
    it(`counts what came before the first of them was told, at ${begun} of the clock`, () => {
      const told: BootEvent[] = [];
      let now = begun;
      const reporter = {
        know: () => {},
        tell: (one: BootEvent) => told.push(one),
        [Symbol.asyncDispose]: async () => {},
      };
      using repeated = new RepeatedEvents(reporter, () => now);
      const first = repeated.tell(event);
      // It was asked for while the first was still on its way.
      repeated.again(first, 0, begun - 7.5);
      repeated.again(first, 0, begun + 3);
      repeated.tellCounted();
      expect(told).to.have.length(1);
      now = begun + 10_001;
      repeated.tellCounted();
      expect(told).to.have.length(2);
      expect(told[1]).to.include({ repeats: 1 });
    });
});
