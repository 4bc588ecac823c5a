import { expect } from 'chai';
import { MachineIndex } from '#shared/hardware/machine-index.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import { machine } from '../../../support/machines.ts';

const macs = ['52:54:00:00:00:01', '52:54:00:00:00:02'].map((text) => parseMac(text)!);
const [first, second] = [macs[0]!, macs[1]!];
const [one, two] = [parseIp4('10.0.0.1')!, parseIp4('10.0.0.2')!];
const names = (machines: readonly { name: string }[]) => machines.map(({ name }) => name);

describe('shared/hardware/machine-index.ts', () => {
  it('finds every interface of a record', () => {
    const index = new MachineIndex();
    const machines = [
      machine({ name: 'a', dhcp: { mac: first, address: one } }),
      machine({ name: 'a', dhcp: { mac: second, address: undefined } }),
    ];
    index.put({ name: 'a', machines });
    expect(index.byMac(first)).to.equal(machines[0]);
    expect(index.byMac(second)).to.equal(machines[1]);
    expect(index.byIp(one)).to.deep.equal([machines[0]]);
    expect(index.size).to.equal(1);
  });

  it('has another version after each change, and another than any other index', () => {
    const record = { name: 'a', machines: [machine({ name: 'a' })] };
    const [index, other] = [new MachineIndex(), new MachineIndex()];
    const versions = [index.version, other.version];
    for (const change of [() => index.put(record), () => index.put(record), () => index.delete('a')]) {
      change();
      versions.push(index.version);
    }
    other.put(record);
    versions.push(other.version);
    expect(new Set(versions).size).to.equal(versions.length);
    index.delete('nobody');
    expect(versions).to.include(index.version);
  });

  it('gives every machine of an address, in an order that does not depend on who came first', () => {
    for (const order of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const index = new MachineIndex();
      for (const name of order)
        index.put({ name, machines: [machine({ name, dhcp: { mac: first, address: one } })] });
      expect(names(index.byIp(one))).to.deep.equal(['a', 'b']);
      expect(index.byMac(first)?.name).to.equal('a');
      index.delete('a');
      expect(names(index.byIp(one))).to.deep.equal(['b']);
      expect(index.byMac(first)?.name).to.equal('b');
    }
  });

  it('forgets what a record no longer has, also when it keeps its MAC', () => {
    const index = new MachineIndex();
    index.put({ name: 'a', machines: [machine({ name: 'a', dhcp: { mac: first, address: one } })] });
    index.put({ name: 'a', machines: [machine({ name: 'a', dhcp: { mac: first, address: two } })] });
    expect(index.byIp(one)).to.deep.equal([]);
    expect(names(index.byIp(two))).to.deep.equal(['a']);
    index.delete('a');
    index.delete('never there');
    expect(index.byMac(first)).to.equal(undefined);
    expect(index.size).to.equal(0);
    expect(index.records()).to.deep.equal([]);
  });
});
