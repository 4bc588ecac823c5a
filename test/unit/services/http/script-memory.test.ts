import { expect } from 'chai';
import { parseMac } from '#shared/mac.ts';
import { type RememberedScript, ScriptMemory } from '../../../../services/http/script-memory.ts';
import { fixedMachines, machine } from '../../../support/machines.ts';

const script = (of = machine(), byAddress = false): RememberedScript => ({
  answer: { said: 'script', why: 'ok', status: 200, headers: {} },
  body: Buffer.from('x'),
  machine: of,
  client: byAddress ? of.dhcp.address : undefined,
});

const from = '192.168.77.107';

describe('services/http/script-memory.ts', () => {
  const known = machine();

  it('remembers what was asked, in just that way', () => {
    const memory = new ScriptMemory(fixedMachines([known]));
    const kept = script(known);
    memory.keep('asked', from, kept);
    expect(memory.find('asked', from)).to.equal(kept);
    expect(memory.find('asked otherwise', from)).to.equal(undefined);
  });

  it('gives what a MAC in the URL has named to whoever asks, and what an address has named to nobody else', () => {
    const memory = new ScriptMemory(fixedMachines([known]));
    memory.keep('by its MAC', from, script(known));
    memory.keep('by its address', from, script(known, true));
    expect(memory.find('by its MAC', '192.0.2.1')?.machine).to.equal(known);
    expect(memory.find('by its address', from)?.machine).to.equal(known);
    expect(memory.find('by its address', '192.0.2.1')).to.equal(undefined);
  });

  for (const byAddress of [false, true]) {
    it(`forgets it when the record is another, ${byAddress ? 'found by its address' : 'found by its MAC'}`, () => {
      let machines = fixedMachines([known]);
      const memory = new ScriptMemory({
        byMac: (mac) => machines.byMac(mac),
        byIp: (address) => machines.byIp(address),
      });
      memory.keep('asked', from, script(known, byAddress));
      machines = fixedMachines([machine()]);
      expect(memory.find('asked', from)).to.equal(undefined);
      machines = fixedMachines([known]);
      expect(memory.find('asked', from)).to.equal(undefined);
    });
  }

  it('forgets what was found by an address that two have', () => {
    const twin = machine({ dhcp: { mac: parseMac('52:54:00:77:00:08')! } });
    const memory = new ScriptMemory(fixedMachines([known, twin]));
    memory.keep('asked', from, script(known, true));
    expect(memory.find('asked', from)).to.equal(undefined);
  });

  it('is bounded: it forgets everything when it is full', () => {
    const memory = new ScriptMemory(fixedMachines([known]));
    const kept = script(known);
    for (let at = 0; at < 32_768; at++) memory.keep(`${at}`, from, kept);
    expect(memory.find('0', from)).to.equal(kept);
    memory.keep('one more', from, kept);
    expect(memory.find('0', from)).to.equal(undefined);
    expect(memory.find('one more', from)).to.equal(kept);
  });

  it('is bounded in bytes, too: long scripts that are asked for by ever other names push each other out', () => {
    const memory = new ScriptMemory(fixedMachines([known]));
    const long = { ...script(known), body: Buffer.alloc(1024 * 1024) };
    for (let at = 0; at < 64; at++) memory.keep(`${at}`, from, long);
    expect(memory.find('0', from)).to.equal(long);
    memory.keep('0', from, long);
    expect(memory.find('63', from)).to.equal(undefined);
    for (let at = 0; at < 63; at++) memory.keep(`again ${at}`, from, long);
    expect(memory.find('again 0', from)).to.equal(long);
  });
});
