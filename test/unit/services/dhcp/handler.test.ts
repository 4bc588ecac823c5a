import { expect } from 'chai';
import type { DatagramInfo } from '#shared/udp/engine.ts';
import type { OptionValues } from '../../../../services/dhcp/wire/codes.ts';
import { encode } from '../../../../services/dhcp/wire/encode.ts';
import { packOptions } from '../../../../services/dhcp/wire/options.ts';
import { decode, type Header } from '../../../../services/dhcp/wire/packet.ts';
import { capture } from '../../../support/captures.ts';
import { dhcpHandler, fromNobody } from '../../../support/dhcp-handler.ts';
import { ip, mac, request } from '../../../support/dhcp-request.ts';
import { fixedMachines, machine, notSynced } from '../../../support/machines.ts';

const ovmf = machine({ dhcp: { mac: mac('52:54:00:77:00:0c'), address: ip('192.168.77.12') } });
const known = fixedMachines([ovmf, machine()]);

const ask = (options: OptionValues, header: Partial<Header> = {}) =>
  encode({ ...request().packet, ...header }, packOptions(options), 1472).bytes;
const wrongAddress = ask({ messageType: 3, requestedAddress: ip('192.168.77.250') });

describe('services/dhcp/handler', () => {
  it('answers a known machine and says so in one line', () => {
    const { handle, exchanges } = dhcpHandler({ machines: known });
    const reply = handle(capture('ovmf-pxe-discover'), fromNobody);
    expect(exchanges()).to.have.length(1);
    expect(exchanges()[0]).to.deep.include({
      level: 'info',
      mac: '52:54:00:77:00:0c',
      peer: '0.0.0.0:68',
      iface: 'eth7',
      type: 'DISCOVER',
      arch: 'x64 UEFI',
      said: 'OFFER',
      why: 'ok',
      file: 'ipxe.efi',
      ip: '192.168.77.12',
      bytes: reply!.bytes.length,
      ms: 0,
      msg: 'OFFER',
    });
    expect(exchanges()[0]!.xid).to.match(/^[0-9a-f]{8}$/);
  });

  it('looks a machine up once for a packet, whether it asks for the first time or again', () => {
    let looks = 0;
    const byMac = (asked: typeof ovmf.dhcp.mac) => {
      looks++;
      return known.byMac(asked);
    };
    const { handle } = dhcpHandler({ machines: { ...known, byMac } });
    for (const packet of ['ovmf-pxe-discover', 'ovmf-pxe-discover', 'ovmf-pxe-request'])
      handle(capture(packet), fromNobody);
    expect(looks).to.equal(3);
  });

  it('broadcasts on the interface, from the address, that the request came in on', () => {
    const { handle } = dhcpHandler({ machines: known });
    const reply = handle(capture('ovmf-pxe-discover'), fromNobody);
    expect(reply).to.deep.include({
      address: ip('255.255.255.255'),
      port: 68,
      ifindex: 7,
      sourceAddress: ip('192.168.77.1'),
    });
  });

  it('leaves the way of a unicast to the routes', () => {
    const info: DatagramInfo = { ...fromNobody, sourceAddress: ip('192.168.77.107') };
    const { handle } = dhcpHandler({ machines: known });
    const reply = handle(ask({ messageType: 3 }, { ciaddr: ip('192.168.77.107') }), info);
    expect(reply)
      .to.include({ address: ip('192.168.77.107'), port: 68 })
      .and.have.property('ifindex', undefined);
  });

  describe('names in the packet', () => {
    const nameOf = (args: string[], info = fromNobody) => {
      const reply = dhcpHandler({ machines: known, args }).handle(capture('ovmf-pxe-discover'), info);
      return decode(reply!.bytes).options.read('serverId');
    };
    it('the address of the interface that the request came in on', () => {
      expect(nameOf([])).to.equal(ip('192.168.77.1'));
      expect(nameOf([], { ...fromNobody, localAddress: ip('10.0.0.1') })).to.equal(ip('10.0.0.1'));
    });
    it('the address of public-ip-interface', () => {
      expect(nameOf(['--public-ip-interface=eth8'])).to.equal(ip('10.0.0.1'));
    });
    it('dhcp-ip-for-packet before all', () => {
      expect(nameOf(['--public-ip-interface=eth8', '--dhcp-ip-for-packet=10.9.8.7'])).to.equal(
        ip('10.9.8.7'),
      );
    });
  });

  it('takes all our addresses in option 54 for ours, and no other', () => {
    const { handle, exchanges } = dhcpHandler({ machines: known, args: ['--dhcp-ip-for-packet=10.9.8.7'] });
    const select = (server: string) =>
      handle(ask({ messageType: 3, serverId: ip(server), requestedAddress: ip('192.168.77.107') }), {
        ...fromNobody,
        localAddress: ip('172.16.0.1'),
      });
    for (const ours of ['10.9.8.7', '172.16.0.1', '192.168.77.1', '10.0.0.1']) {
      expect(select(ours), ours).to.not.equal(undefined);
    }
    expect(select('192.168.77.2')).to.equal(undefined);
    expect(exchanges().at(-1)).to.include({ said: 'silent', why: 'other-server', level: 'info' });
  });

  it('drops what is malformed, and says who sent it and what is wrong', async () => {
    const { handle, exchanges, metric } = dhcpHandler({ machines: known });
    const cut = capture('ovmf-pxe-discover').slice(0, 244);
    expect(handle(cut, fromNobody)).to.equal(undefined);
    expect(exchanges()).to.have.length(1);
    expect(exchanges()[0]).to.include({
      mac: '52:54:00:77:00:0c',
      said: 'silent',
      why: 'malformed',
      bytes: 244,
    });
    expect(exchanges()[0]).to.include({ field: 'option 57', offset: 243 });
    expect(
      await metric('smee_dhcp_exchanges_total{type="malformed",said="silent",why="malformed"}'),
    ).to.equal(1);
  });

  it('logs strangers at a limited rate, says how many it left out, and counts them all', async () => {
    let now = 0;
    const { handle, exchanges, metric } = dhcpHandler({ now: () => now });
    for (let packet = 0; packet < 1000; packet++) handle(capture('udhcpc-discover'), fromNobody);
    expect(exchanges()).to.have.length(100);
    expect(exchanges()[0]).to.include({ said: 'silent', why: 'unknown-machine' });
    now += 1000;
    handle(capture('udhcpc-discover'), fromNobody);
    expect(exchanges().at(-1)).to.include({ suppressed: 900 });
    const counted = 'smee_dhcp_exchanges_total{type="DISCOVER",said="silent",why="unknown-machine"}';
    expect(await metric(counted)).to.equal(1001);
  });

  it('goes on talking about known machines while strangers are many', () => {
    const { handle, exchanges } = dhcpHandler({ machines: known });
    for (let packet = 0; packet < 1000; packet++) handle(capture('udhcpc-discover'), fromNobody);
    handle(capture('ovmf-pxe-discover'), fromNobody);
    expect(exchanges().at(-1)).to.include({ mac: '52:54:00:77:00:0c', said: 'OFFER' });
  });

  it('is silent before the first sync', () => {
    const { handle, exchanges } = dhcpHandler({ machines: notSynced });
    expect(handle(capture('ovmf-pxe-discover'), fromNobody)).to.equal(undefined);
    expect(exchanges()[0]).to.include({ said: 'silent', why: 'not-synced' });
  });

  it('stops a NAK loop', () => {
    const { handle, exchanges } = dhcpHandler({ machines: known });
    const replies = Array.from({ length: 20 }, () => handle(wrongAddress, fromNobody));
    expect(replies.filter((reply) => reply !== undefined)).to.have.length(5);
    expect(exchanges()[0]).to.include({ said: 'NAK', why: 'wrong-address' });
    expect(exchanges().at(-1)).to.include({ said: 'silent', why: 'nak-limited' });
  });

  it('warns when a machine finds its address in use', () => {
    const { handle, exchanges } = dhcpHandler({ machines: known });
    handle(ask({ messageType: 4, requestedAddress: ip('192.168.77.107') }), fromNobody);
    expect(exchanges()[0]).to.include({ level: 'warn', mac: '52:54:00:77:00:07', why: 'decline' });
  });

  it('says which loader is missing', () => {
    const { handle, exchanges } = dhcpHandler({ machines: known, missingLoaders: ['ipxe.efi'] });
    handle(capture('ovmf-pxe-discover'), fromNobody);
    expect(exchanges()[0]).to.include({ said: 'OFFER', why: 'loader-missing', detail: 'ipxe.efi' });
    expect(exchanges()[0]!.msg).to.include('(ipxe.efi)');
  });

  it('leaves out what does not fit, and says what', async () => {
    const big = machine({
      dhcp: {
        hostname: 'h'.repeat(150),
        domainName: 'a.example',
        domainSearch: ['x'.repeat(60), 'y'.repeat(60)],
      },
    });
    const { handle, exchanges, metric } = dhcpHandler({ machines: fixedMachines([big]) });
    const reply = handle(ask({ messageType: 1, clientId: new Uint8Array(80) }), fromNobody);
    expect(reply!.bytes.length).to.be.at.most(548);
    expect(exchanges()[0]!.leftOut).to.deep.equal(['domainSearch']);
    expect(await metric('smee_dhcp_left_out_options_total')).to.equal(1);
  });

  it('uses the room that the client and the link have', () => {
    const big = machine({
      dhcp: { hostname: 'h'.repeat(200), domainName: 'd'.repeat(200), domainSearch: ['x'.repeat(60)] },
    });
    const { handle } = dhcpHandler({ machines: fixedMachines([big]) });
    const reply = handle(
      ask({ messageType: 1, maxMessageSize: 65_280, clientId: new Uint8Array(80) }),
      fromNobody,
    );
    expect(decode(reply!.bytes).options.read('domainSearch')).to.deep.equal(['x'.repeat(60)]);
  });

  it('prints packets at debug level, and only there', () => {
    const { handle, lines } = dhcpHandler({ machines: known });
    handle(capture('ovmf-pxe-discover'), fromNobody);
    const packets = lines.filter(({ level }) => level === 'debug');
    expect(packets.map(({ msg, mac: who }) => [msg, who])).to.deep.equal([
      ['received', '52:54:00:77:00:0c'],
      ['sent', '52:54:00:77:00:0c'],
    ]);
    expect(packets[1]!.packet).to.include('53 messageType       OFFER');
  });

  it("keeps a password or a token in a record's URL out of the log", () => {
    const secret = machine({ netboot: { scriptUrl: 'http://user:hunter2@my.example/x.ipxe?token=hunter3' } });
    const { handle, text, exchanges } = dhcpHandler({ machines: fixedMachines([secret]) });
    const ipxe = capture('bios-ipxerom-discover').slice();
    ipxe.set([0x52, 0x54, 0x00, 0x77, 0x00, 0x07], 28);
    const reply = handle(ipxe, fromNobody);
    expect(decode(reply!.bytes).file).to.include('hunter2');
    expect(exchanges()[0]!.file).to.equal('http://…@my.example/x.ipxe?…');
    expect(text()).to.not.include('hunter');
  });
});
