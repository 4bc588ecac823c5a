import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { captures } from '../support/captures.ts';
import { dhcpPeer, message } from '../support/dhcp-peer.ts';
import { ip, mac } from '../support/dhcp-request.ts';
import { dhcpService } from '../support/dhcp-service.ts';
import { fixedMachines, machine, notSynced } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const full = machine({
  dhcp: {
    leaseTime: 86_400,
    hostname: 'rack1-node07',
    domainName: 'dc1.example.com',
    nameServers: [ip('192.168.77.1'), ip('1.1.1.1')],
    timeServers: [ip('192.168.77.1')],
    routes: [{ destination: { network: ip('10.20.0.0'), prefix: 16 }, router: ip('192.168.77.254') }],
  },
});
const local = machine({ dhcp: { mac: mac('52:54:00:77:00:08'), address: ip('127.0.0.1') } });
const known = fixedMachines([full, local]);
const localChaddr = '52-54-00-77-00-08';
const stockIpxe = {
  60: 'PXEClient:Arch:00000:UNDI:002001',
  77: 'iPXE',
  93: [0],
  94: [1, 2, 1],
  97: new Array(17).fill(0),
  175: [19, 1, 1],
};

/** The codes of a message's options as they stand in it. */
function codesOf(bytes: Uint8Array): number[] {
  const codes: number[] = [];
  for (let at = 240; bytes[at] !== 255; at += 2 + bytes[at + 1]!) codes.push(bytes[at]!);
  return codes;
}

describe('services/dhcp/server', () => {
  it('leads a machine from DISCOVER to ACK', async () => {
    await using service = await dhcpService({ machines: known });
    using client = await dhcpPeer(service.server);

    const { message: offer } = await client.ask(message());
    expect(offer).to.include({ op: 2, xid: 0x1234_abcd, yiaddr: '192.168.77.107', siaddr: '127.0.0.1' });
    expect(offer).to.include({ chaddr: '52-54-00-77-00-07', ciaddr: '0.0.0.0', giaddr: '0.0.0.0', file: '' });
    expect(offer.options[53]).to.equal(2);

    const { message: ack } = await client.ask(
      message({ options: { 53: 3, 50: offer.yiaddr, 54: offer.options[54] } }),
    );
    expect(ack).to.include({ yiaddr: '192.168.77.107' });
    expect(ack.options).to.deep.equal({ ...offer.options, 53: 5 });
  });

  it('gives its loader to a ROM that leaves option 94 out', async () => {
    await using service = await dhcpService({ machines: known });
    using client = await dhcpPeer(service.server);
    const { 77: _class, 94: _interface, 175: _features, ...rom } = stockIpxe;
    const { message: offer } = await client.ask(message({ options: rom }));
    expect(offer).to.include({ yiaddr: '192.168.77.107', file: 'undionly.kpxe' });
  });

  it('sends everything that the record says, whatever option 55 asks for', async () => {
    await using service = await dhcpService({ machines: known });
    using client = await dhcpPeer(service.server);
    const { bytes, message: offer } = await client.ask(
      message({ options: { 55: [1], 57: 1472, 61: 'id', 82: [1, 1, 9] } }),
    );
    expect(offer.options).to.deep.equal({
      53: 2,
      1: '255.255.255.0',
      3: ['192.168.77.1'],
      6: ['192.168.77.1', '1.1.1.1'],
      7: ['127.0.0.1'],
      12: 'rack1-node07',
      15: 'dc1.example.com',
      28: '192.168.77.255',
      42: ['192.168.77.1'],
      51: 86_400,
      54: '127.0.0.1',
      61: 'id',
      82: [1, 1, 9],
      119: '\u0003dc1\u0007example\u0003com',
      121: [16, 10, 20, 192, 168, 77, 254, 0, 192, 168, 77, 1],
    });
    expect(codesOf(bytes)[0]).to.equal(53);
    expect(codesOf(bytes).at(-1)).to.equal(82);
  });

  it('gives an iPXE its script and ends its wait for a proxy', async () => {
    await using service = await dhcpService({ machines: known });
    using client = await dhcpPeer(service.server);
    const { message: offer } = await client.ask(message({ options: stockIpxe }));
    expect(offer.file).to.equal('http://127.0.0.1:8080/52:54:00:77:00:07/auto.ipxe');
    expect(offer.options[175]).to.deep.equal([176, 1, 1]);
    expect(offer.options[97]).to.deep.equal(stockIpxe[97]);
    expect(offer.options[43]).to.deep.equal([6, 1, 8, 69, 26, ...new Array(26).fill(0)]);
  });

  it('answers every capture with at least 300 bytes, and with no more than the client takes', async () => {
    const everybody = {
      ...known,
      byMac: (who: typeof local.dhcp.mac) => machine({ dhcp: { mac: who, hostname: 'h' } }),
    };
    await using service = await dhcpService({ machines: everybody });
    using client = await dhcpPeer(service.server);
    for (const { name, bytes } of captures.filter((one) => /-discover\d?$/.test(one.name))) {
      // A relay's reply would go to port 67 of the relay.
      if (name.startsWith('relay')) continue;
      const { bytes: reply, message: offer } = await client.ask(bytes);
      expect(offer.options[53], name).to.equal(2);
      expect(reply.length, name).to.be.within(300, 1472);
    }
  });

  it('confirms a renewal, and refuses one of a wrong address by broadcast', async () => {
    await using service = await dhcpService({ machines: known });
    using client = await dhcpPeer(service.server, '0.0.0.0');
    const renewal = { chaddr: localChaddr, options: { 53: 3, 61: 'id', 82: [1, 1, 9] } };
    const { message: ack } = await client.ask(message({ ...renewal, ciaddr: '127.0.0.1' }));
    expect(ack).to.include({ ciaddr: '127.0.0.1', yiaddr: '127.0.0.1' });
    expect(ack.options[53]).to.equal(5);

    const { bytes, message: nak } = await client.ask(message({ ...renewal, ciaddr: '127.0.0.2' }));
    expect(nak).to.include({ ciaddr: '0.0.0.0', yiaddr: '0.0.0.0', siaddr: '0.0.0.0', file: '' });
    expect(nak.options).to.include({ 53: 6, 54: '127.0.0.1' });
    expect(codesOf(bytes)).to.deep.equal([53, 54, 56, 61, 82]);
    expect(bytes).to.have.length.at.least(300);
  });

  it('answers INFORM to ciaddr, without an address or a lease', async () => {
    await using service = await dhcpService({ machines: known });
    using client = await dhcpPeer(service.server);
    const { message: ack } = await client.ask(message({ ciaddr: '127.0.0.1', options: { 53: 8 } }));
    expect(ack).to.include({ yiaddr: '0.0.0.0', ciaddr: '127.0.0.1' });
    expect(ack.options).to.include({ 53: 5, 1: '255.255.255.0' }).and.not.have.property('51');
  });

  it('is silent, says why, and goes on', async () => {
    await using service = await dhcpService({ machines: known });
    using client = await dhcpPeer(service.server);
    await client.send(new Uint8Array(10));
    await client.send(new Uint8Array(300));
    await client.send(message({ chaddr: '52-54-00-ff-ff-ff' }));
    await client.send(message({ options: { 53: 3, 50: '192.168.77.107', 54: '192.0.2.1' } }));
    await client.send(message({ ciaddr: '192.168.77.107', options: { 53: 7 } }));
    await client.send(message({ options: { 53: 4, 50: '192.168.77.107' } }));
    await client.ask(message());
    expect(client.heard).to.have.length(1);
    const said = service.lines.filter((line) => line.said !== undefined).map((line) => [line.said, line.why]);
    expect(said).to.deep.equal([
      ['silent', 'malformed'],
      ['silent', 'malformed'],
      ['silent', 'unknown-machine'],
      ['silent', 'other-server'],
      ['silent', 'release'],
      ['silent', 'decline'],
      ['OFFER', 'not-a-netboot-client'],
    ]);
    const metrics = await (await service.ops('/metrics')).text();
    expect(metrics).to.include(
      'smee_dhcp_exchanges_total{type="RELEASE",said="silent",why="release",service="dhcp"} 1',
    );
    expect(metrics).to.match(/smee_dhcp_received_total\S* 7/);
    expect(metrics).to.match(/smee_dhcp_sent_total\S* 1/);
    expect(metrics).to.match(/smee_dhcp_handler_errors_total\S* 0/);
  });

  it('is ready when the records are here', async () => {
    await using early = await dhcpService({ machines: notSynced });
    const unready = await early.ops('/readyz');
    expect([unready.status, await unready.json()]).to.deep.equal([
      503,
      { ready: false, why: 'no hardware records yet' },
    ]);
    await using service = await dhcpService({ machines: known });
    expect((await service.ops('/readyz')).status).to.equal(200);
    expect((await service.ops('/healthz')).status).to.equal(200);
  });

  it('binds a socket to each interface of dhcp-iface', async () => {
    await using service = await dhcpService({
      machines: known,
      args: ['--dhcp-iface=lo', '--dhcp-tftp-ip=127.0.0.1'],
    });
    using client = await dhcpPeer(service.server);
    expect(service.addresses).to.have.length(1);
    await client.ask(message());
    expect(service.lines.at(-3)).to.include({ said: 'OFFER', iface: 'lo' });
  });

  it('opens no socket when it is switched off, and says so', async () => {
    await using service = await dhcpService({ machines: known, args: ['--dhcp-enabled=false'] });
    expect(service.addresses).to.deep.equal([]);
    expect(service.lines.at(-1)!.msg).to.equal('DHCP is switched off (dhcp-enabled)');
    expect((await service.ops('/healthz')).status).to.equal(200);
  });

  const refused: readonly [what: string, args: (port: number) => string[], code: string][] = [
    ['a port that is taken', (port) => [`--dhcp-addr=127.0.0.1:${port}`], 'EADDRINUSE'],
    ['an address that this host has not', () => ['--dhcp-addr=192.0.2.1:0'], 'EADDRNOTAVAIL'],
    ['an interface that is not there', () => ['--dhcp-iface=nosuch0'], 'ENODEV'],
  ];
  for (const [what, args, code] of refused) {
    it(`does not start on ${what}`, async () => {
      await using service = await dhcpService();
      const error = await dhcpService({ args: args(service.server.port) }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.include({ code });
    });
  }

  it('answers nobody once it is stopped, and can be stopped twice', async () => {
    const service = await dhcpService({ machines: known });
    using client = await dhcpPeer(service.server);
    await client.ask(message());
    await service[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
    await using next = await dhcpService({
      machines: known,
      args: [`--dhcp-addr=127.0.0.1:${service.server.port}`, '--dhcp-tftp-ip=127.0.0.1'],
    });
    await client.ask(message());
    expect(client.heard).to.have.length(2);
    expect(next.server.port).to.equal(service.server.port);
  });

  it('says at start and at the request which loader is missing', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'undionly.kpxe'), 'loader');
    await using service = await dhcpService({ machines: known, args: [`--ipxe-dir=${folder.path}`] });
    const atStart = service.lines.filter(({ level, why }) => level === 'warn' && why === 'loader-missing');
    expect(atStart.map(({ file }) => file)).to.have.members(['ipxe.efi', 'snp-arm64.efi']);

    using client = await dhcpPeer(service.server);
    const firmware = { 60: 'PXEClient:Arch:00007:UNDI:003001', 93: [7], 97: new Array(17).fill(0) };
    const { message: offer } = await client.ask(message({ options: firmware }));
    expect(offer).to.include({ file: '/loader-missing', siaddr: '0.0.0.0' });
    await until('the line', () =>
      service.lines.some(({ said, why }) => said === 'OFFER' && why === 'loader-missing'),
    );

    const { message: bios } = await client.ask(message({ options: { ...firmware, 93: [0] } }));
    expect(bios.file).to.equal('undionly.kpxe');
  });
});
