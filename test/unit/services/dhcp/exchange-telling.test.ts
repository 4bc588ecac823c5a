import { expect } from 'chai';
import type { BootEvent } from '#shared/events/event.ts';
import { ExchangeTelling } from '../../../../services/dhcp/exchange-telling.ts';
import type { OptionValues } from '../../../../services/dhcp/wire/codes.ts';
import { encode } from '../../../../services/dhcp/wire/encode.ts';
import { packOptions } from '../../../../services/dhcp/wire/options.ts';
import { decode, type Header } from '../../../../services/dhcp/wire/packet.ts';
import { capture } from '../../../support/captures.ts';
import { dhcpHandler, fromNobody, silentLog } from '../../../support/dhcp-handler.ts';
import { ip, mac, request } from '../../../support/dhcp-request.ts';
import { fixedMachines, machine } from '../../../support/machines.ts';
import { Keeping } from '../../../support/telling.ts';

const ovmf = machine({
  name: 'node12',
  dhcp: { mac: mac('52:54:00:77:00:0c'), address: ip('192.168.77.12') },
});
const known = fixedMachines([ovmf, machine()]);

const ask = (options: OptionValues, header: Partial<Header> = {}) =>
  encode({ ...request().packet, ...header }, packOptions(options), 1472).bytes;

/** The same packet with another xid. */
function again(packet: Uint8Array, xid: number): Uint8Array {
  const copy = packet.slice();
  new DataView(copy.buffer, copy.byteOffset).setUint32(4, xid);
  return copy;
}

describe('services/dhcp/exchange-telling', () => {
  it('tells of an exchange what its line says, and what the packets say of the machine', () => {
    const { handle, events } = dhcpHandler({ machines: known });
    const packet = capture('ovmf-pxe-discover');
    const reply = handle(packet, fromNobody);
    expect(events).to.have.length(1);
    const { at, details, ...told } = events[0]!;
    expect(Math.abs(at - Date.now())).to.be.lessThan(10_000);
    expect(told).to.deep.include({
      mac: '52:54:00:77:00:0c',
      name: 'node12',
      address: '192.168.77.12',
      stage: 'dhcp',
      outcome: 'yes',
      why: 'ok',
      said: 'OFFER',
      xid: decode(packet).xid,
    });
    expect(told.clientUuid).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(details).to.deep.include({
      peer: '0.0.0.0:68',
      iface: 'eth7',
      type: 'DISCOVER',
      arch: 'x64 UEFI',
      client: 'PXE firmware',
      vendorClass: 'PXEClient:Arch:00007:UNDI:003000',
      ip: '192.168.77.12',
      server: '192.168.77.1',
      nextServer: '192.168.77.1',
      file: 'ipxe.efi',
      bytes: reply!.bytes.length,
    });
  });

  const sent: readonly (readonly [
    name: string,
    packet: Uint8Array,
    told: Partial<BootEvent>,
    details: object,
  ])[] = [
    [
      'an iPXE by its user class',
      ask({ messageType: 1, vendorClass: 'PXEClient:Arch:00007', clientArch: [7], userClass: ['iPXE'] }),
      { said: 'OFFER', outcome: 'yes' },
      { client: 'iPXE', userClass: 'iPXE' },
    ],
    [
      'an operating system, which wants no boot',
      ask({ messageType: 1 }),
      { said: 'OFFER', outcome: 'yes', why: 'not-a-netboot-client' },
      { client: 'other' },
    ],
    [
      'whom the machine chose instead of us',
      ask({ messageType: 3, serverId: ip('192.168.77.254'), requestedAddress: ip('192.168.77.60') }),
      { said: 'silent', outcome: 'no', why: 'other-server' },
      { requestedServer: '192.168.77.254', requestedIp: '192.168.77.60' },
    ],
    [
      'a NAK',
      ask({ messageType: 3, requestedAddress: ip('192.168.77.250') }),
      { said: 'NAK', outcome: 'no', why: 'wrong-address' },
      { requestedIp: '192.168.77.250', server: '192.168.77.1' },
    ],
    [
      'the relay that it asks through, whose address is not its own',
      ask({ messageType: 1 }, { giaddr: ip('10.1.1.1'), chaddr: Uint8Array.of(2, 0, 0, 0, 0, 9) }),
      { said: 'silent', outcome: 'no', why: 'unknown-machine', name: undefined, address: undefined },
      { giaddr: '10.1.1.1' },
    ],
    [
      'a release, which asks for nothing',
      ask({ messageType: 7 }, { ciaddr: ip('192.168.77.107') }),
      { said: 'silent', outcome: 'heard', why: 'release', address: '192.168.77.107' },
      {},
    ],
  ];
  for (const [name, packet, told, details] of sent) {
    it(`tells ${name}`, () => {
      const { handle, events } = dhcpHandler({ machines: known });
      handle(packet, { ...fromNobody, sourceAddress: ip('10.1.1.1') });
      expect(events[0]).to.deep.include(told);
      expect(events[0]!.details).to.deep.include(details);
    });
  }

  it('tells on which port a proxy was asked', () => {
    const args = ['--dhcp-mode=proxy', '--dhcp-iface=eth7'];
    const { handle, events } = dhcpHandler({ machines: known, onProxyPort: true, args });
    handle(capture('ovmf-pxe-request'), fromNobody);
    expect(events[0]!.details.port).to.equal(4011);
  });

  it('tells of malformed packets, whose they seem to be and what is wrong', () => {
    const { handle, events } = dhcpHandler({ machines: known });
    const packet = ask({ messageType: 1, clientUuid: new Uint8Array(17) }).slice();
    packet[2] = 17;
    handle(packet, fromNobody);
    expect(events[0]).to.deep.include({ why: 'malformed', outcome: 'no', said: 'silent' });
    expect(events[0]!.details.field).to.equal('hlen');
  });

  it('hides what a URL of a record may carry', () => {
    const secret = machine({ netboot: { scriptUrl: 'https://u:hunter2@boot/x.ipxe?token=hunter2' } });
    const { handle, events } = dhcpHandler({ machines: fixedMachines([secret]) });
    const ipxe = { vendorClass: 'PXEClient:Arch:00007', clientArch: [7], userClass: ['Tinkerbell'] };
    handle(ask({ messageType: 1, ...ipxe }), fromNobody);
    expect(events[0]!.details.file).to.include('boot/x.ipxe');
    expect(JSON.stringify(events)).to.not.include('hunter2');
  });

  describe('of the very same exchange', () => {
    const packet = capture('ovmf-pxe-discover');
    const running = () => {
      const clock = { now: 0 };
      const handler = dhcpHandler({ machines: known, now: () => clock.now, log: silentLog('info') });
      const asks = (...at: number[]) => {
        for (const now of at) {
          clock.now = now;
          handler.handle(again(packet, now), fromNobody);
        }
      };
      const told = () => handler.events.map(({ xid, repeats = 0 }) => [xid, repeats]);
      return { ...handler, clock, asks, told };
    };

    it('tells once in ten seconds, and then how often it was repeated', () => {
      const { asks, told, clock, telling } = running();
      asks(1, 1000, 4000, 9999);
      for (clock.now = 9999; clock.now < 12_000; clock.now += 1000) telling.tellCounted();
      asks(12_000, 15_000);
      expect(told()).to.deep.equal([
        [1, 0],
        [9999, 2],
      ]);
    });

    it('tells of those who ask all the while no more than so many a second', () => {
      const kept = new Keeping();
      using telling = new ExchangeTelling(kept, undefined, () => 20_000);
      const event = { at: 0, xid: 7 } as BootEvent;
      for (let at = 0; at < 1000; at++) {
        const told = { event, toldAt: 9000, repeats: 0, heardAt: 0, xid: 0 };
        telling.again(told, at, 9500);
        telling.again(told, at, 19_500);
      }
      expect(kept.events).to.have.length(0);
      telling.tellCounted();
      expect(kept.events).to.have.length(25);
      expect(kept.events.at(0)).to.include({ repeats: 1, xid: 0 });
    });

    it('tells the last repeats of a machine that fell silent', () => {
      const { asks, told, clock, telling, events } = running();
      asks(1, 1000, 4000);
      clock.now = 9000;
      telling.tellCounted();
      expect(told()).to.have.length(1);
      clock.now = 12_000;
      telling.tellCounted();
      telling.tellCounted();
      // The second repeat stands for the first, too.
      expect(told().slice(1)).to.deep.equal([[4000, 1]]);
      // It is told late, and says when it happened: 8 seconds ago.
      expect(Date.now() - events[1]!.at).to.be.within(8000, 9000);
    });

    it('tells at a stop what it has counted', () => {
      const { asks, told, telling } = running();
      asks(1, 2, 3);
      telling[Symbol.dispose]();
      telling.tellCounted();
      expect(told()).to.deep.equal([
        [1, 0],
        [3, 1],
      ]);
    });

    const later = { later: 600_000, 'after a month': 30 * 24 * 3_600_000 };
    for (const [when, ms] of Object.entries(later)) {
      it(`tells at once of a machine that boots again ${when}`, () => {
        const { asks, told } = running();
        asks(1, ms);
        expect(told()).to.deep.equal([
          [1, 0],
          [ms, 0],
        ]);
      });
    }
  });

  it('costs next to nothing for an exchange that is only counted', () => {
    const telling = new ExchangeTelling(new Keeping(), undefined, () => 0);
    const told = { event: { at: 0 } as BootEvent, toldAt: 0, repeats: 0, heardAt: 0, xid: 0 };
    const rounds = 1_000_000;
    const best = Math.min(
      ...Array.from({ length: 5 }, () => {
        const begun = performance.now();
        for (let at = 0; at < rounds; at++) telling.again(told, at, 1);
        return ((performance.now() - begun) * 1e6) / rounds;
      }),
    );
    telling[Symbol.dispose]();
    // Nanoseconds. It takes about 3; the bound leaves room for a busy machine.
    expect(best).to.be.lessThan(50);
  });
});
