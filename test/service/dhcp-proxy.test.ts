import { expect } from 'chai';
import { captures } from '../support/captures.ts';
import { dhcpPeer, message } from '../support/dhcp-peer.ts';
import { mac } from '../support/dhcp-request.ts';
import { dhcpService } from '../support/dhcp-service.ts';
import { emptyMachines, type FakeMachines, fixedMachines, machine } from '../support/machines.ts';

const firmware = {
  60: 'PXEClient:Arch:00007:UNDI:003001',
  93: [7],
  94: [1, 3, 0],
  97: new Array(17).fill(0),
};
const late = machine({ quirks: ['boot-file-on-4011'], dhcp: { mac: mac('52:54:00:77:00:08') } });
const known = fixedMachines([machine(), late]);
const lateChaddr = '52-54-00-77-00-08';

/** The service on loopback in a mode, with a port of its own for each socket. */
function inMode(mode: string, machines: FakeMachines, ...args: readonly string[]) {
  const flags = [`--dhcp-mode=${mode}`, '--dhcp-iface=lo', '--dhcp-proxy-port=0', '--dhcp-tftp-ip=127.0.0.1'];
  return dhcpService({ machines, args: [...flags, ...args] });
}

async function failure(starting: Promise<AsyncDisposable>): Promise<unknown> {
  return await starting.then(
    async (service) => await service[Symbol.asyncDispose](),
    (error: unknown) => error,
  );
}

describe('services/dhcp/server in the proxy modes', () => {
  it('gives firmware its boot file in the OFFER, and no address', async () => {
    await using service = await inMode('proxy', known);
    using client = await dhcpPeer(service.server);
    const { message: offer } = await client.ask(message({ options: firmware }));
    expect(offer).to.include({
      yiaddr: '0.0.0.0',
      siaddr: '127.0.0.1',
      sname: '127.0.0.1',
      file: 'ipxe.efi',
    });
    expect(offer.options).to.deep.equal({
      53: 2,
      54: '127.0.0.1',
      60: 'PXEClient',
      43: [6, 1, 8],
      97: firmware[97],
    });
  });

  it('gives it to firmware that insists in the ACK from the other port, with the option 54 of the OFFER', async () => {
    await using service = await inMode('proxy', known);
    using client = await dhcpPeer(service.server);
    const { message: offer } = await client.ask(message({ chaddr: lateChaddr, options: firmware }));
    expect(offer).to.include({ siaddr: '127.0.0.1', file: '' });
    expect(offer.options).to.not.have.property('43');

    using again = await dhcpPeer(service.proxyServer);
    const { message: ack, from } = await again.ask(
      message({ chaddr: lateChaddr, ciaddr: '127.0.0.1', options: { ...firmware, 53: 3 } }),
    );
    expect(from.port).to.equal(service.proxyServer.port);
    expect(ack).to.include({ yiaddr: '0.0.0.0', ciaddr: '127.0.0.1', file: 'ipxe.efi' });
    expect(ack.options).to.include({ 53: 5, 54: offer.options[54] });
    expect(ack.options[43]).to.deep.equal([6, 1, 8]);
  });

  it('gives everybody a boot in auto-proxy mode, and forbids by the record', async () => {
    const forbidden = machine({ netboot: { allowed: false } });
    await using service = await inMode('auto-proxy', fixedMachines([forbidden]));
    using client = await dhcpPeer(service.server);
    const { message: stranger } = await client.ask(
      message({ chaddr: '52-54-00-ff-ff-ff', options: firmware }),
    );
    expect(stranger.file).to.equal('ipxe.efi');
    const { message: refusal } = await client.ask(message({ options: firmware }));
    expect(refusal.file).to.equal('/52:54:00:77:00:07/netboot-not-allowed');
  });

  it('says nothing to clients that only want an address, whatever they say, on either port', async () => {
    await using service = await inMode('auto-proxy', known);
    using client = await dhcpPeer(service.server);
    using late4011 = await dhcpPeer(service.proxyServer);
    const plain = captures.filter(({ name }) => /^(udhcpc|dhclient|relay)-/.test(name));
    for (const { bytes } of plain) {
      await client.send(bytes);
      await late4011.send(bytes);
    }
    await client.send(message({ options: { ...firmware, 53: 3, 50: '192.168.77.199', 54: '192.168.77.2' } }));
    await client.send(message({ ciaddr: '192.168.77.199', options: { ...firmware, 53: 3 } }));
    await client.ask(message({ options: firmware }));
    expect(client.heard).to.have.length(1);
    await late4011.ask(message({ ciaddr: '127.0.0.1', options: { ...firmware, 53: 3 } }));
    expect(late4011.heard).to.have.length(1);
    const said = new Set(service.lines.map((line) => line.said).filter((one) => one !== undefined));
    expect([...said]).to.have.members(['silent', 'OFFER', 'ACK']);
  });

  it('is silent with netboot options off', async () => {
    await using service = await inMode('auto-proxy', emptyMachines, '--dhcp-enable-netboot-options=false');
    using client = await dhcpPeer(service.server);
    await client.send(message({ options: firmware }));
    await service.seen(1);
    expect(client.heard).to.deep.equal([]);
    const exchange = service.lines.find(({ said }) => said !== undefined);
    expect(exchange).to.include({ said: 'silent', why: 'netboot-options-off' });
  });

  it('opens a second socket for each interface, in the proxy modes only', async () => {
    await using proxy = await inMode('proxy', known, '--dhcp-iface=lo,lo');
    expect(proxy.proxyAddresses).to.have.length(2);
    await using reservation = await inMode('reservation', known);
    expect(reservation.proxyAddresses).to.deep.equal([]);
  });

  for (const mode of ['proxy', 'auto-proxy']) {
    it(`does not start in ${mode} mode without an interface`, async () => {
      const error = await failure(dhcpService({ args: [`--dhcp-mode=${mode}`] }));
      expect(error).to.have.property('message').that.includes(`dhcp-mode=${mode}`).and.includes('dhcp-iface');
    });

    it(`starts in ${mode} mode without an interface when it is switched off`, async () => {
      await using service = await dhcpService({ args: [`--dhcp-mode=${mode}`, '--dhcp-enabled=false'] });
      expect([...service.addresses, ...service.proxyAddresses]).to.deep.equal([]);
    });
  }

  it('takes the noop backend with auto-proxy only', async () => {
    for (const mode of ['reservation', 'proxy']) {
      const error = await failure(inMode(mode, emptyMachines, '--backend-noop-enabled'));
      expect(error).to.have.property('message').that.includes('backend-noop-enabled');
    }
    await using service = await inMode('auto-proxy', emptyMachines, '--backend-noop-enabled');
    using client = await dhcpPeer(service.server);
    const { message: offer } = await client.ask(message({ options: firmware }));
    expect(offer.file).to.equal('ipxe.efi');
  });
});
