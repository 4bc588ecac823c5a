import { expect } from 'chai';
import { negotiate } from '../../../../services/tftp/decide/negotiate.ts';
import { memorySource } from '../../../../services/tftp/source.ts';
import { RunningTransfer } from '../../../../services/tftp/transfer.ts';

const terms = negotiate([], 0, { blockSize: 512, mtu: 1500, timeout: 5000 });

/** A transfer of many blocks whose clock is the test's, at 0. */
function started() {
  const clock = { now: 0 };
  const transfer = new RunningTransfer({ send() {}, now: () => clock.now, ended() {} });
  transfer.start(memorySource(new Uint8Array(100_000)), terms);
  return { clock, transfer };
}

describe('services/tftp/transfer.ts', () => {
  it('waits three times as long as the last answer took', () => {
    const { clock, transfer } = started();
    expect(transfer.due).to.equal(500);
    clock.now = 400;
    transfer.take({ kind: 'ack', block: 1 });
    expect(transfer.due).to.equal(400 + 1200);
    clock.now = 410;
    transfer.take({ kind: 'ack', block: 2 });
    expect(transfer.due).to.equal(410 + 500);
  });

  it('does not measure by an answer to what it has sent twice: nobody knows to which', () => {
    const { clock, transfer } = started();
    clock.now = 500;
    transfer.take({ kind: 'timeout' });
    expect(transfer.due).to.equal(500 + 1000);
    clock.now = 1400;
    transfer.take({ kind: 'ack', block: 1 });
    expect(transfer.due).to.equal(1400 + 1000);
  });

  it('sends nothing twice but the first block where every answer takes longer than its first wait', () => {
    const { clock, transfer } = started();
    for (let block = 1; block <= 20; block++) {
      const answered = clock.now + 600;
      if (transfer.due < answered) {
        clock.now = transfer.due;
        transfer.take({ kind: 'timeout' });
      }
      clock.now = answered;
      transfer.take({ kind: 'ack', block });
    }
    expect(transfer.soFar.retransmits).to.equal(1);
  });
});
