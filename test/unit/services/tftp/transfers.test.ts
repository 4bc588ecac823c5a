import { expect } from 'chai';
import { negotiate } from '../../../../services/tftp/decide/negotiate.ts';
import { memorySource } from '../../../../services/tftp/source.ts';
import { RunningTransfer } from '../../../../services/tftp/transfer.ts';
import { type Peer, Transfers } from '../../../../services/tftp/transfers.ts';

const terms = negotiate([], 0, { blockSize: 512, mtu: 1500, timeout: 60_000 });

/** A transfer of 1000 bytes in the table; what it sent and how it ended. */
function add(transfers: Transfers, peer: Peer) {
  const sent: Uint8Array[] = [];
  const ends: string[] = [];
  const transfer = new RunningTransfer({
    send: (bytes) => void sent.push(bytes),
    now: () => performance.now(),
    ended: ({ why }) => {
      ends.push(why);
      transfers.delete(peer);
    },
  });
  transfers.add({ peer, request: new Uint8Array(), transfer });
  transfer.start(memorySource(new Uint8Array(1000)), terms);
  return { transfer, sent, ends };
}

describe('services/tftp/transfers', () => {
  it('counts transfers in total and by client, and frees their places', () => {
    const transfers = new Transfers({ total: 3, perClient: 2 });
    const one = add(transfers, { address: 1, port: 1 });
    add(transfers, { address: 1, port: 2 });
    expect(transfers.hasRoom({ address: 1, port: 3 })).to.equal(false);
    expect(transfers.hasRoom({ address: 2, port: 1 })).to.equal(true);
    add(transfers, { address: 2, port: 1 });
    expect(transfers.hasRoom({ address: 3, port: 1 })).to.equal(false);
    one.transfer.end('aborted');
    expect(transfers.hasRoom({ address: 1, port: 3 })).to.equal(true);
    expect(transfers.size).to.equal(2);
    return transfers.drain(0, 'shutting-down');
  });

  it('tells peers apart by address and port, up to the largest of both', async () => {
    const transfers = new Transfers({ total: 9, perClient: 9 });
    const peer = { address: 0xffff_ffff, port: 0xffff };
    const { transfer } = add(transfers, peer);
    expect(transfers.get(peer)?.transfer).to.equal(transfer);
    expect(transfers.get({ ...peer, port: 0xfffe })).to.equal(undefined);
    expect(transfers.get({ ...peer, address: 0xffff_fffe })).to.equal(undefined);
    await transfers.drain(0, 'shutting-down');
  });

  it('waits for the last to end, and tells the rest after the deadline', async () => {
    const transfers = new Transfers({ total: 9, perClient: 9 });
    const quick = add(transfers, { address: 1, port: 1 });
    const slow = add(transfers, { address: 2, port: 1 });
    const drained = transfers.drain(100, 'shutting-down');
    quick.transfer.take({ kind: 'ack', block: 1 });
    quick.transfer.take({ kind: 'ack', block: 2 });
    await drained;
    expect(quick.ends).to.deep.equal(['ok']);
    expect(slow.ends).to.deep.equal(['shutting-down']);
    expect(Buffer.from(slow.sent.at(-1)!).toString()).to.include('shutting-down');
    expect(transfers.size).to.equal(0);
  });

  it('remembers for a while who has just finished', async () => {
    const transfers = new Transfers({ total: 9, perClient: 9 });
    const peer = { address: 1, port: 1 };
    const { transfer } = add(transfers, peer);
    expect(transfers.hasJustFinished(peer)).to.equal(false);
    transfer.end('aborted');
    expect(transfers.hasJustFinished(peer)).to.equal(true);
    await transfers.drain(0, 'shutting-down');
  });

  describe('in a full table', () => {
    const total = 2;
    const peers = [1, 2, 3].map((address) => ({ address, port: 1 }));

    function full() {
      const clock = { now: 0 };
      const transfers = new Transfers({ total, perClient: 9 }, () => clock.now);
      const running = peers.slice(0, total).map((peer) => add(transfers, peer));
      const answers = (at: number) => transfers.hear(peers[at]!)?.transfer.take({ kind: 'ack', block: 1 });
      return {
        clock,
        transfers,
        running,
        answers,
        [Symbol.asyncDispose]: () => transfers.drain(0, 'aborted'),
      };
    }

    it('the first that never answered gives way', async () => {
      await using table = full();
      expect(table.transfers.makeRoom(peers[2]!)).to.equal(true);
      expect(table.running.map(({ ends }) => ends)).to.deep.equal([['too-many-transfers'], []]);
      expect(table.running[0]?.sent, 'says nothing to what may be a forged address').to.have.length(1);
    });

    it('who has just answered stays', async () => {
      await using table = full();
      table.answers(0);
      expect(table.transfers.makeRoom(peers[2]!)).to.equal(true);
      expect(table.running.map(({ ends }) => ends)).to.deep.equal([[], ['too-many-transfers']]);
    });

    it('nobody gives way who was heard within a second; then the one that is silent for longest', async () => {
      await using table = full();
      table.answers(1);
      table.answers(0);
      table.clock.now = 999;
      expect(table.transfers.makeRoom(peers[2]!)).to.equal(false);
      table.clock.now = 1000;
      expect(table.transfers.makeRoom(peers[2]!)).to.equal(true);
      expect(table.running.map(({ ends }) => ends)).to.deep.equal([[], ['too-many-transfers']]);
    });

    it('no file that is being opened gives way', async () => {
      await using table = full();
      for (const { transfer } of table.running) transfer.end('aborted');
      for (const peer of peers.slice(0, total)) {
        const transfer = new RunningTransfer({
          send() {},
          now: () => 0,
          ended: () => table.transfers.delete(peer),
        });
        table.transfers.add({ peer, request: new Uint8Array(), transfer });
      }
      expect(table.transfers.makeRoom(peers[2]!)).to.equal(false);
    });
  });

  it('remembers no more of those who have finished than it lets run', async () => {
    const transfers = new Transfers({ total: 3, perClient: 9 });
    for (let port = 1; port <= 9; port++) add(transfers, { address: 1, port }).transfer.end('aborted');
    const remembered = Array.from({ length: 10 }, (_, port) =>
      transfers.hasJustFinished({ address: 1, port }),
    );
    expect(remembered.lastIndexOf(false)).to.equal(6);
    await transfers.drain(0, 'shutting-down');
  });
});
