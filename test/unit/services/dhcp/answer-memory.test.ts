import { expect } from 'chai';
import fc from 'fast-check';
import type { Machine } from '#shared/hardware/machine.ts';
import { createLog } from '#shared/log.ts';
import { type Mac, macBytes } from '#shared/mac.ts';
import type { DatagramInfo, Outgoing } from '#shared/udp/engine.ts';
import { AnswerMemory } from '../../../../services/dhcp/answer-memory.ts';
import { RepeatedLine } from '../../../../services/dhcp/repeated-line.ts';
import { captures } from '../../../support/captures.ts';
import { dhcpHandler, fromNobody } from '../../../support/dhcp-handler.ts';
import { ip } from '../../../support/dhcp-request.ts';
import type { LogLine } from '../../../support/log-sink.ts';
import { machine } from '../../../support/machines.ts';

/** A handler at level info, everybody known by the object that `recordOf` gives, and what it says and logs. */
function handler(recordOf: (mac: Mac) => Machine, args: readonly string[] = []) {
  const lines: LogLine[] = [];
  const log = createLog('dhcp', 'info', { write: (line: string) => void lines.push(JSON.parse(line)) });
  const machines = {
    ready: true,
    readiness: () => ({ ready: true }) as const,
    byMac: recordOf,
    byIp: () => [],
  };
  const { handle, metric } = dhcpHandler({ machines, log, args });
  return {
    metric,
    lines,
    /** A copy of the reply, and the line without its time. */
    say(datagram: Uint8Array, info: DatagramInfo) {
      lines.length = 0;
      const reply = handle(datagram, info);
      const line: LogLine | undefined = lines[0] && { ...lines[0], time: undefined };
      return { reply: reply && copyOf(reply), line };
    },
  };
}

const copyOf = (reply: Outgoing): Outgoing => ({ ...reply, bytes: Uint8Array.from(reply.bytes) });

/** One object for each MAC, as a replica has. */
function records() {
  const known = new Map<string, Machine>();
  return (mac: Mac) => {
    const one = known.get(mac) ?? machine({ dhcp: { mac, hostname: 'h' } });
    known.set(mac, one);
    return one;
  };
}

function with32(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(offset, value);
  return copy;
}

const relayed: DatagramInfo = { ...fromNobody, sourceAddress: ip('10.99.0.1'), sourcePort: 67 };
const elsewhere: DatagramInfo = { ...fromNobody, localAddress: ip('10.0.0.1') };

/** A real packet, with another xid, perhaps some bytes changed, and which way it came. */
const asked = fc.record({
  bytes: fc.constantFrom(...captures.map(({ bytes }) => bytes)),
  xid: fc.integer({ min: 0, max: 0xffff_ffff }),
  secs: fc.nat(0xffff),
  changes: fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 2 }),
  info: fc.constantFrom(fromNobody, relayed, elsewhere),
});

describe('services/dhcp/answer-memory', () => {
  for (const mode of ['reservation', 'proxy', 'auto-proxy'])
    it(`says to every request what a handler says that remembers nothing, in ${mode} mode`, () => {
      const args = ['--dhcp-mode', mode];
      const remembering = handler(records(), args);
      // A new object for each packet: to the memory, a record that has changed.
      const forgetful = handler((mac) => machine({ dhcp: { mac, hostname: 'h' } }), args);
      let answers = 0;
      const property = fc.property(asked, ({ bytes, xid, secs, changes, info }) => {
        const changed = with32(bytes, 4, xid);
        new DataView(changed.buffer).setUint16(8, secs);
        for (const [at, byte] of changes) changed[at % changed.length] = byte;
        const said = remembering.say(changed, info);
        // NAKs are limited by MAC, alike in both.
        expect(said).to.deep.equal(forgetful.say(changed, info));
        if (said.reply !== undefined) answers++;
      });
      fc.assert(property, { numRuns: 3000 });
      expect(answers).to.be.greaterThan(500);
    });

  it('says to every capture the same again, with the new xid and the same line, and counts it', async () => {
    for (const { bytes, name } of captures) {
      const { say, metric } = handler(records());
      const first = say(bytes, relayed);
      const again = say(with32(bytes, 4, 0xfedc_ba98), relayed);
      if (first.reply === undefined) continue;
      expect(again.reply?.bytes, name).to.deep.equal(with32(first.reply.bytes, 4, 0xfedc_ba98));
      expect(again.line, name).to.deep.equal({ ...first.line, xid: 'fedcba98' });
      const { type, said, why } = first.line!;
      const labels = `type="${type}",said="${said}",why="${why}"`;
      expect(await metric(`smee_dhcp_exchanges_total{${labels}}`), name).to.equal(2);
    }
  });

  it('answers from the new record as soon as there is one', () => {
    const discover = captures.find(({ name }) => name === 'relay-isc-discover')!.bytes;
    let address = ip('192.168.77.107');
    let known: Machine | undefined;
    const { say } = handler((mac) => (known ??= machine({ dhcp: { mac, address } })));
    const yiaddr = () => new DataView(say(discover, fromNobody).reply!.bytes.buffer).getUint32(16);
    expect([yiaddr(), yiaddr()]).to.deep.equal([address, address]);
    address = ip('192.168.77.108');
    known = undefined;
    expect([yiaddr(), yiaddr()]).to.deep.equal([address, address]);
  });

  const datagram = new Uint8Array(300);
  const from = (mac: Mac) => {
    const copy = datagram.slice();
    copy.set(macBytes(mac), 28);
    return copy;
  };
  const answered = () => ({
    outgoing: { bytes: new Uint8Array(300), address: 1, port: 68 },
    tally: { type: 'DISCOVER', said: 'OFFER', why: 'ok' as const, count: 0 },
    line: new RepeatedLine(createLog('dhcp', 'info', { write: () => {} }), {}, ''),
  });

  it('forgets all when what a decision depends on is another', () => {
    const one = machine();
    const memory = new AnswerMemory(() => 0, { byMac: () => one });
    memory.under('eth0', true).keep(one, datagram, fromNobody, answered);
    expect(memory.under('eth0', true).find(datagram, fromNobody)).not.to.equal(undefined);
    expect(memory.under('eth1', true).find(datagram, fromNobody)).to.equal(undefined);
  });

  it('does not take a request that came another way for the same', () => {
    const one = machine();
    const memory = new AnswerMemory(() => 0, { byMac: () => one });
    memory.keep(one, datagram, fromNobody, answered);
    for (const field of ['sourceAddress', 'sourcePort', 'ifindex', 'localAddress'] as const)
      expect(memory.find(datagram, { ...fromNobody, [field]: 9 }), field).to.equal(undefined);
  });

  it('takes a request for another when any byte but those of xid and secs differs', () => {
    const one = machine();
    const memory = new AnswerMemory(() => 0, { byMac: () => one });
    memory.keep(one, datagram, fromNobody, answered);
    for (let at = 0; at < datagram.length; at++) {
      const other = datagram.slice().fill(1, at, at + 1);
      const isFound = memory.find(other, fromNobody) !== undefined;
      expect(isFound, `byte ${at}`).to.equal(at >= 4 && at < 10);
    }
    expect(memory.find(datagram.subarray(1), fromNobody)).to.equal(undefined);
  });

  it('keeps the last few requests of a machine', () => {
    const one = machine();
    const memory = new AnswerMemory(() => 0, { byMac: () => one });
    const asking = (byte: number) => datagram.slice().fill(byte, 250);
    for (let byte = 0; byte < 20; byte++) memory.keep(one, asking(byte), fromNobody, answered);
    const found = Array.from({ length: 20 }, (_, byte) => memory.find(asking(byte), fromNobody));
    expect(found.map((entry) => entry !== undefined).lastIndexOf(false)).to.equal(13);
  });

  it('does not keep requests that are longer than any firmware makes them', () => {
    const one = machine();
    const memory = new AnswerMemory(() => 0, { byMac: () => one });
    for (const length of [576, 577]) {
      const request = new Uint8Array(length);
      memory.keep(one, request, fromNobody, answered);
      expect(memory.find(request, fromNobody) !== undefined, `${length}`).to.equal(length === 576);
    }
  });

  it('forgets an answer when the record that it was given under is another', () => {
    const [one, other] = [machine(), machine()];
    let known: Machine | undefined = one;
    const memory = new AnswerMemory(() => 0, { byMac: () => known });
    memory.keep(one, datagram, fromNobody, answered);
    known = other;
    expect(memory.find(datagram, fromNobody)).to.equal(undefined);
    known = one;
    expect(memory.find(datagram, fromNobody)).to.equal(undefined);
  });

  it('looks a record up again only when some record has changed since', () => {
    const one = machine();
    let looks = 0;
    const records = {
      version: 1,
      byMac: () => {
        looks++;
        return records.version < 3 ? one : machine();
      },
    };
    const memory = new AnswerMemory(() => 0, records);
    memory.keep(one, datagram, fromNobody, answered);
    const find = () => memory.find(datagram, fromNobody) !== undefined;
    expect([find(), find(), looks]).to.deep.equal([true, true, 0]);
    records.version = 2;
    expect([find(), find(), looks]).to.deep.equal([true, true, 1]);
    records.version = 3;
    expect([find(), find(), looks]).to.deep.equal([false, false, 2]);
  });

  it('tells machines apart whose MACs end alike', () => {
    const macs = ['02:00:77:00:00:07', '52:54:77:00:00:07'] as Mac[];
    const known = new Map(macs.map((mac) => [mac, machine({ dhcp: { mac } })]));
    const memory = new AnswerMemory(() => 0, { byMac: (mac) => known.get(mac) });
    for (const [mac, one] of known) memory.keep(one, from(mac), fromNobody, answered);
    for (const mac of macs)
      expect(memory.find(from(mac), fromNobody), mac).to.include({ machine: known.get(mac) });
  });

  it('holds so many requests and no more, and starts anew when it was full for a minute', () => {
    let now = 0;
    const one = machine();
    const memory = new AnswerMemory(() => now, { byMac: () => one });
    const asking = (number: number) => with32(datagram, 30, number);
    for (let number = 0; number < 32_768; number++) memory.keep(one, asking(number), fromNobody, answered);
    const [first, late] = [asking(0), asking(32_768)];
    memory.keep(one, late, fromNobody, () => expect.fail('made for nothing'));
    expect(memory.find(late, fromNobody)).to.equal(undefined);
    expect(memory.find(first, fromNobody)).not.to.equal(undefined);
    now = 60_000;
    memory.keep(one, late, fromNobody, answered);
    expect(memory.find(late, fromNobody)).not.to.equal(undefined);
    expect(memory.find(first, fromNobody)).to.equal(undefined);
  });
});
