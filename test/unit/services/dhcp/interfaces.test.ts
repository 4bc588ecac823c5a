import { expect } from 'chai';
import { type Host, Interfaces } from '../../../../services/dhcp/interfaces.ts';
import { ip } from '../../../support/dhcp-request.ts';

function host(name: string, mtu: number, ...addresses: string[]): Host {
  return { byIndex: new Map([[2, { name, mtu }]]), addresses: new Map([[name, addresses.map(ip)]]) };
}

describe('services/dhcp/interfaces', () => {
  it('knows the loopback interface of this host', () => {
    const interfaces = new Interfaces(() => 0);
    expect(interfaces.addressOf('lo')).to.equal(ip('127.0.0.1'));
    expect(interfaces.isOurs(ip('127.0.0.1'))).to.equal(true);
    expect(interfaces.isOurs(ip('192.0.2.1'))).to.equal(false);
    expect(interfaces.byIndex(1)).to.include({ name: 'lo' });
    expect(interfaces.byIndex(1).mtu).to.be.at.least(1500);
  });

  it('names an interface that the kernel does not describe by its index', () => {
    expect(new Interfaces(() => 0).byIndex(999_999)).to.deep.equal({ name: '#999999', mtu: 1500 });
  });

  it('reads the facts again when they are five seconds old', () => {
    let now = 0;
    let facts = host('eth0', 1500, '192.168.77.1');
    const interfaces = new Interfaces(
      () => now,
      () => facts,
    );
    facts = host('eth0', 9000, '192.168.77.2');
    now = 4999;
    expect(interfaces.byIndex(2).mtu).to.equal(1500);
    expect(interfaces.isOurs(ip('192.168.77.1'))).to.equal(true);
    now = 5000;
    expect(interfaces.byIndex(2).mtu).to.equal(9000);
    expect(interfaces.isOurs(ip('192.168.77.1'))).to.equal(false);
    expect(interfaces.addressOf('eth0')).to.equal(ip('192.168.77.2'));
  });

  it('reads the facts sooner for an interface that is new, but not for every packet', () => {
    let now = 0;
    let reads = 0;
    const interfaces = new Interfaces(
      () => now,
      () => {
        reads++;
        return host('eth0', 1500);
      },
    );
    now = 500;
    for (let packet = 0; packet < 100; packet++) interfaces.byIndex(7);
    expect(reads).to.equal(2);
  });
});
