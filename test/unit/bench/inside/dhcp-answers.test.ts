import { expect } from 'chai';
import { DhcpAnswers, Echoes } from '../../../../bench/inside/dhcp-answers.ts';
import { ACK, at, DhcpMachines, OFFER } from '../../../../bench/inside/dhcp-machines.ts';
import { fromNobody } from '../../../support/dhcp-handler.ts';
import { ip } from '../../../support/dhcp-request.ts';
import { fleetHandler } from '../../../support/fleet.ts';

const server = ip('192.168.77.1');
const relay = ip('10.99.0.1');
const ask = new DhcpMachines({ address: server, port: 67 }, relay);
const handle = fleetHandler(20, '192.168.77.1');

/** What smee says to a machine of the fleet. */
function answerTo(machine: number, type: number, xid = 7): Uint8Array {
  const { bytes } = type === OFFER ? ask.discover(machine, xid) : ask.request(machine, xid);
  return handle(bytes, fromNobody)!.bytes.slice();
}

/** Offsets at which one flipped bit goes unnoticed; the xid is looked at by who finds the exchange by it. */
function unnoticed(answer: Uint8Array, isRight: (changed: Uint8Array) => boolean): number[] {
  const offsets = Array.from(answer.keys()).filter((offset) => offset < at.xid || offset >= at.xid + 4);
  return offsets.filter((offset) => {
    const changed = answer.slice();
    changed[offset]! ^= 1;
    return isRight(changed);
  });
}

const judge = () => new DhcpAnswers({ server, relay, varying: [] });

describe('bench/inside/dhcp-answers.ts', () => {
  for (const [name, type] of [
    ['OFFER', OFFER],
    ['ACK', ACK],
  ] as const) {
    it(`takes every ${name} of smee for right, the first time and later`, () => {
      const all = judge();
      for (const xid of [7, 8])
        for (let machine = 0; machine < 20; machine++)
          expect(all.isRight(answerTo(machine, type, xid), machine, type), `${machine}`).to.equal(true);
    });

    it(`finds one wrong byte, wherever it is, in the first ${name} of a machine`, () => {
      const all = judge();
      expect(all.isRight(answerTo(3, type), 3, type)).to.equal(true);
      expect(unnoticed(answerTo(12, type), (changed) => all.isRight(changed, 12, type))).to.deep.equal([]);
    });

    it(`finds one wrong byte, wherever it is, in a later ${name}`, () => {
      const all = judge();
      for (const machine of [3, 12])
        expect(all.isRight(answerTo(machine, type), machine, type)).to.equal(true);
      expect(unnoticed(answerTo(12, type), (changed) => all.isRight(changed, 12, type))).to.deep.equal([]);
    });
  }

  it('takes nothing for right that is cut short, is for another machine, or is an OFFER for an ACK', () => {
    const all = judge();
    const offer = answerTo(3, OFFER);
    expect(all.isRight(offer.subarray(0, 250), 3, OFFER)).to.equal(false);
    expect(all.isRight(offer, 3, OFFER)).to.equal(true);
    expect(all.isRight(offer.subarray(0, 250), 3, OFFER)).to.equal(false);
    expect(all.isRight(offer, 4, OFFER)).to.equal(false);
    expect(all.isRight(offer, 3, ACK)).to.equal(false);
  });

  it('lets a server throw its dice only where it is said', () => {
    const code = 51;
    const throwing = new DhcpAnswers({ server, relay, varying: [code] });
    expect(throwing.isRight(answerTo(3, OFFER), 3, OFFER)).to.equal(true);
    const other = answerTo(12, OFFER);
    let offset: number = at.options;
    while (other[offset] !== code) offset += 2 + other[offset + 1]!;
    const isRight = (changed: Uint8Array) => throwing.isRight(changed, 12, OFFER);
    expect(unnoticed(other, isRight)).to.deep.equal([2, 3, 4, 5].map((byte) => offset + byte));
  });

  it('finds one wrong byte of an echo, wherever it is', () => {
    const echoes = new Echoes(new DhcpMachines({ address: server, port: 67 }, relay));
    const echo = new Uint8Array(310);
    echo.set(ask.request(3, 7).bytes);
    echo[0] = 2;
    expect(echoes.isRight(echo, 3, ACK)).to.equal(true);
    expect(unnoticed(echo, (changed) => echoes.isRight(changed, 3, ACK))).to.deep.equal([]);
  });
});
