import { expect } from 'chai';
import type { BootEvent } from '#shared/events/event.ts';
import { toMessage } from '#shared/events/message.ts';

const event: BootEvent = {
  at: 1_790_000_000_000.4,
  mac: '52:54:00:77:00:07',
  name: 'node07',
  clientUuid: '01020304-0506-0708-090a-0b0c0d0e0f10',
  address: '192.168.77.107',
  stage: 'dhcp',
  outcome: 'yes',
  why: 'ok',
  said: 'OFFER',
  details: { type: 'DISCOVER', bytes: 342, file: undefined, detail: '' },
  ms: 0.1234,
  xid: 0xfeed_0001,
};

describe('shared/events/message.ts', () => {
  it('says everything of an event in the words of the contract', () => {
    expect(toMessage({ ...event, repeats: 3, traceId: 'ab'.repeat(16) })).to.deep.equal({
      timeUnixMilli: 1_790_000_000_000,
      machine: {
        mac: '52:54:00:77:00:07',
        name: 'node07',
        clientUuid: '01020304-0506-0708-090a-0b0c0d0e0f10',
        address: '192.168.77.107',
      },
      stage: 'DHCP',
      outcome: 'YES',
      reason: 'ok',
      said: 'OFFER',
      details: { type: 'DISCOVER', bytes: '342' },
      durationMicros: 123,
      traceId: 'ab'.repeat(16),
      xid: 0xfeed_0001,
      repeats: 3,
      fetchId: '',
    });
  });

  it('leaves empty what is not known', () => {
    const { at, stage, outcome, why, said, ms } = event;
    const told = toMessage({ at, mac: undefined, stage, outcome, why, said, ms, details: {} });
    expect(told.machine).to.deep.equal({ mac: '', name: '', clientUuid: '', address: '' });
    expect([told.traceId, told.xid, told.repeats]).to.deep.equal(['', 0, 0]);
  });

  it("escapes what a stranger's text may do to a terminal, and cuts it", () => {
    const { details } = toMessage({
      ...event,
      details: {
        file: '\x1b[31m\u202ered\n',
        vendorClass: 'x'.repeat(5000),
        text: `${'y'.repeat(510)}😀zzz`,
      },
    });
    expect(details.file).to.equal('\\x1b[31m\\u202ered\\x0a');
    expect(details.vendorClass).to.equal(`${'x'.repeat(511)}…`);
    expect(details.text)
      .to.have.length(512)
      .and.satisfy((text: string) => text.isWellFormed());
  });
});
