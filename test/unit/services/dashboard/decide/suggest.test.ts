import { expect } from 'chai';
import fc from 'fast-check';
import { formatIp4, parseIp4 } from '#shared/ip4.ts';
import { type Mac, parseMac } from '#shared/mac.ts';
import { type Neighbour, suggest } from '../../../../../services/dashboard/decide/suggest.ts';

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

/** What is suggested where these names and addresses are taken, besides those of the neighbours that were looked at. */
function suggestRecord(mac: Mac, neighbours: readonly Neighbour[], isTaken = (_asked: string) => false) {
  const thinking = suggest(mac, neighbours);
  let questions = 0;
  for (let next = thinking.next(); ; ) {
    if (next.done) return { ...next.value, questions };
    questions++;
    next = thinking.next(isTaken(Object.values(next.value)[0]!));
  }
}

/** `10.<a>.<b>.<c>` by its number. */
const ten = (number: number) => formatIp4(0x0a00_0000 + number);

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

  it('finds the first address after a hundred thousand machines by a few questions, having looked at five hundred', () => {
    const some = Array.from({ length: 500 }, (_, at) => neighbour(`m${at}`, ten(at + 1), '255.0.0.0', ''));
    const isTaken = (asked: string) => (parseIp4(asked) ?? 0) <= 0x0a00_0000 + 100_000;
    const { fields, questions } = suggestRecord(mac, some, isTaken);
    expect(fields.address).to.equal(ten(100_001));
    expect(questions).to.be.lessThan(40);
  });

  it('suggests no address that is taken, however the others lie', () => {
    const seeds = fc.array(fc.integer({ min: 1, max: 254 }), { maxLength: 250 });
    fc.assert(
      fc.property(seeds, fc.nat(250), (numbers, looked) => {
        const taken = new Set(numbers.map((number) => `192.168.77.${number}`));
        const neighbours = [...taken].slice(0, looked + 1).map((address) => neighbour('x', address));
        const { fields } = suggestRecord(mac, neighbours, (asked) => taken.has(asked));
        if (neighbours.length === 0 || (fields.address === '' && taken.size >= 253)) return;
        expect(fields.address).to.match(/^192\.168\.77\.([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])$/);
        expect(taken.has(fields.address)).to.equal(false);
        expect(fields.address).not.to.equal('192.168.77.1');
      }),
    );
  });

  it('gives up where a large network has no room at its end and none in its first part', () => {
    const one = neighbour('a', '10.0.0.5', '255.0.0.0', '');
    const { fields, questions } = suggestRecord(mac, [one], (asked) => asked.startsWith('10.'));
    expect(fields.address).to.equal('');
    expect(questions).to.be.lessThan(300);
  });

  it('asks for the names that it did not see', () => {
    expect(suggestRecord(mac, [], (asked) => asked === 'machine-123456').name).to.equal(
      'machine-525400123456',
    );
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
