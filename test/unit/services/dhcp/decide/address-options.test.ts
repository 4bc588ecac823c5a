import { expect } from 'chai';
import type { Lease } from '#shared/hardware/machine.ts';
import { addressOptions } from '../../../../../services/dhcp/decide/address-options.ts';
import { ip } from '../../../../support/dhcp-request.ts';
import { machine } from '../../../../support/machines.ts';

const options = (dhcp: Partial<Lease> = {}) => addressOptions(machine({ dhcp }).dhcp, ip('192.168.77.9'));
const route = { destination: { network: ip('10.20.0.0'), prefix: 16 }, router: ip('192.168.77.254') };
const defaultRoute = { destination: { network: 0, prefix: 0 }, router: ip('192.168.77.1') };

describe('services/dhcp/decide/address-options', () => {
  it('sends what the record says', () => {
    const sent = options({
      hostname: 'rack1-node07',
      domainName: 'dc1.example.com',
      nameServers: [ip('192.168.77.1'), ip('1.1.1.1')],
      timeServers: [ip('192.168.77.1')],
    });
    expect(sent).to.deep.equal({
      subnetMask: ip('255.255.255.0'),
      routers: [ip('192.168.77.1')],
      nameServers: [ip('192.168.77.1'), ip('1.1.1.1')],
      logServers: [ip('192.168.77.9')],
      hostName: 'rack1-node07',
      domainName: 'dc1.example.com',
      broadcastAddress: ip('192.168.77.255'),
      timeServers: [ip('192.168.77.1')],
      domainSearch: ['dc1.example.com'],
      staticRoutes: undefined,
    });
  });

  it('sends nothing for what the record lacks: an empty option is malformed to many', () => {
    const sent = options({ netmask: undefined, gateway: undefined, hostname: '', domainName: '' });
    for (const [name, value] of Object.entries(sent)) {
      if (name !== 'logServers') expect(value, name).to.equal(undefined);
    }
  });

  it("takes the record's own broadcast address over the computed one", () => {
    expect(options({ broadcast: ip('192.168.77.127') }).broadcastAddress).to.equal(ip('192.168.77.127'));
  });

  it("takes the record's own search list over the domain name", () => {
    const sent = options({ domainName: 'a.example', domainSearch: ['b.example', 'c.example'] });
    expect(sent.domainSearch).to.deep.equal(['b.example', 'c.example']);
  });

  it('repeats the gateway among the routes, which make clients ignore option 3', () => {
    expect(options({ routes: [route] }).staticRoutes).to.deep.equal([route, defaultRoute]);
  });

  it('leaves a default route of the record alone, and adds none without a gateway', () => {
    const own = { ...defaultRoute, router: ip('192.168.77.3') };
    expect(options({ routes: [own, route] }).staticRoutes).to.deep.equal([own, route]);
    expect(options({ routes: [route], gateway: undefined }).staticRoutes).to.deep.equal([route]);
  });
});
