import { expect } from 'chai';
import { parseMac } from '#shared/mac.ts';
import { type RememberedScript, ScriptMemory } from '../../../../services/http/script-memory.ts';
import { fixedMachines, machine } from '../../../support/machines.ts';

const script = (of = machine(), byAddress = false): RememberedScript => ({
  answer: { said: 'script', why: 'ok', status: 200, headers: {}, body: 'x' },
  length: 1,
  client: of.dhcp.address,
  machine: of,
  byAddress,
});

describe('services/http/script-memory.ts', () => {
  const known = machine();

  it('remembers what was asked, in just that way', () => {
    const memory = new ScriptMemory(fixedMachines([known]));
    const kept = script(known);
    memory.keep('asked', kept);
    expect(memory.find('asked')).to.equal(kept);
    expect(memory.find('asked otherwise')).to.equal(undefined);
  });

  for (const byAddress of [false, true]) {
    it(`forgets it when the record is another, ${byAddress ? 'found by its address' : 'found by its MAC'}`, () => {
      let machines = fixedMachines([known]);
      const memory = new ScriptMemory({
        byMac: (mac) => machines.byMac(mac),
        byIp: (address) => machines.byIp(address),
      });
      memory.keep('asked', script(known, byAddress));
      machines = fixedMachines([machine()]);
      expect(memory.find('asked')).to.equal(undefined);
      machines = fixedMachines([known]);
      expect(memory.find('asked')).to.equal(undefined);
    });
  }

  it('forgets what was found by an address that two have', () => {
    const twin = machine({ dhcp: { mac: parseMac('52:54:00:77:00:08')! } });
    const memory = new ScriptMemory(fixedMachines([known, twin]));
    memory.keep('asked', script(known, true));
    expect(memory.find('asked')).to.equal(undefined);
  });

  it('is bounded: it forgets everything when it is full', () => {
    const memory = new ScriptMemory(fixedMachines([known]));
    const kept = script(known);
    for (let at = 0; at < 16_384; at++) memory.keep(`${at}`, kept);
    expect(memory.find('0')).to.equal(kept);
    memory.keep('one more', kept);
    expect(memory.find('0')).to.equal(undefined);
    expect(memory.find('one more')).to.equal(kept);
  });

  it('is bounded in bytes, too: long scripts that are asked for by ever other names push each other out', () => {
    const memory = new ScriptMemory(fixedMachines([known]));
    const long = { ...script(known), length: 1024 * 1024 };
    for (let at = 0; at < 64; at++) memory.keep(`${at}`, long);
    expect(memory.find('0')).to.equal(long);
    memory.keep('0', long);
    expect(memory.find('63')).to.equal(undefined);
    for (let at = 0; at < 63; at++) memory.keep(`again ${at}`, long);
    expect(memory.find('again 0')).to.equal(long);
  });
});
