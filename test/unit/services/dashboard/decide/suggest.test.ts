import { expect } from 'chai';
import { parseMac } from '#shared/mac.ts';
import { type Neighbour, suggestRecord } from '../../../../../services/dashboard/decide/suggest.ts';

const mac = parseMac('52:54:00:12:34:56')!;
const neighbour = (
  name: string,
  address: string,
  netmask = '255.255.255.0',
  gateway = '192.168.77.1',
): Neighbour => ({
  name,
  address,
  netmask,
  gateway,
});

describe('services/dashboard/decide/suggest', () => {
  it('takes the network that most neighbours are in, and the first address after theirs', () => {
    const { name, fields } = suggestRecord(mac, [
      neighbour('a', '192.168.77.20'),
      neighbour('b', '192.168.77.31'),
      neighbour('c', '10.0.0.5', '255.0.0.0', ''),
    ]);
    expect(name).to.equal('machine-123456');
    expect(fields).to.include({
      address: '192.168.77.32',
      netmask: '255.255.255.0',
      gateway: '192.168.77.1',
      allowPxe: true,
      disableDhcp: false,
    });
  });

  it('passes over the gateway', () => {
    const one = neighbour('a', '192.168.77.20', '255.255.255.0', '192.168.77.21');
    expect(suggestRecord(mac, [one]).fields.address).to.equal('192.168.77.22');
  });

  it('fills a gap when the end of the network is reached, and never names the broadcast address', () => {
    const two = [neighbour('a', '192.168.77.254'), neighbour('b', '192.168.77.2')];
    expect(suggestRecord(mac, two).fields.address).to.equal('192.168.77.3');
  });

  it('says nothing about an address in a full network', () => {
    const pair = [
      neighbour('a', '10.0.0.1', '255.255.255.252', ''),
      neighbour('b', '10.0.0.2', '255.255.255.252', ''),
    ];
    expect(suggestRecord(mac, pair).fields.address).to.equal('');
  });

  it('leaves open what no neighbour tells', () => {
    expect(suggestRecord(mac, [neighbour('a', '', '', '')]).fields).to.include({
      address: '',
      netmask: '',
      gateway: '',
    });
  });

  it('takes the whole MAC into the name when the short one is taken', () => {
    expect(suggestRecord(mac, [neighbour('machine-123456', '')]).name).to.equal('machine-525400123456');
  });
});
