import { expect } from 'chai';
import { architectures } from '#shared/arch.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { formatIp4 } from '#shared/ip4.ts';
import { answer } from '../../../../../services/dhcp/decide/answer.ts';
import type { Reply } from '../../../../../services/dhcp/decide/reply.ts';
import { decode } from '../../../../../services/dhcp/wire/packet.ts';
import { readRequest } from '../../../../../services/dhcp/wire/request.ts';
import { captures } from '../../../../support/captures.ts';
import {
  type HereParts,
  here,
  httpBoot,
  ip,
  mac,
  pxe,
  type RequestParts,
  request,
  stockIpxe,
} from '../../../../support/dhcp-request.ts';
import { type MachineParts, machine } from '../../../../support/machines.ts';

const reserved = ip('192.168.77.107');

function reply(parts: RequestParts, to: MachineParts = {}, at: HereParts = {}): Reply {
  const given = answer(request(parts), machine(to), here(at));
  if (given.said === 'silent') throw new Error(`silent: ${given.why}`);
  return given;
}

/** What a boot reads off a reply. */
function boot(parts: RequestParts, to: MachineParts = {}, at: HereParts = {}) {
  const { why, header, options } = reply(parts, to, at);
  return {
    why,
    file: header.file,
    siaddr: formatIp4(header.siaddr),
    options: Object.entries(options)
      .filter(([name, value]) => value !== undefined && bootOptions.includes(name))
      .map(([name]) => name)
      .sort(),
  };
}
const bootOptions = ['vendorOptions', 'vendorClass', 'clientUuid', 'tftpServerName', 'bootFileName', 'ipxe'];

describe('services/dhcp/decide/answer', () => {
  describe('is silent', () => {
    type Row = [what: string, why: string, parts: RequestParts, found: Machine | undefined, at?: HereParts];
    const rows: readonly Row[] = [
      ['to a stranger', 'unknown-machine', {}, undefined],
      ['to everybody unknown before the first sync', 'not-synced', {}, undefined, { synced: false }],
      ['where the record says disableDhcp', 'dhcp-disabled', {}, machine({ dhcp: { disabled: true } })],
      ['where the record has no address', 'no-address', {}, machine({ dhcp: { address: undefined } })],
      ['to a reply', 'not-a-request', { header: { op: 2 } }, machine()],
      ['to what is not Ethernet', 'not-ethernet', { mac: undefined }, undefined],
      ['to plain BOOTP', 'no-message-type', { type: undefined }, machine()],
      ['where it has no address to answer from', 'no-server-address', {}, machine(), { address: 0 }],
      [
        "to a REQUEST for another server's offer",
        'other-server',
        { type: 'REQUEST', serverId: 1 },
        machine(),
      ],
      ['to RELEASE', 'release', { type: 'RELEASE' }, machine()],
      ['to DECLINE', 'decline', { type: 'DECLINE' }, machine()],
    ];
    for (const [what, why, parts, found, at] of rows) {
      it(what, () => {
        expect(answer(request(parts), found, here(at))).to.deep.equal({ said: 'silent', why });
      });
    }
  });

  describe('OFFER and ACK', () => {
    it('carry the reservation', () => {
      const { said, header, options } = reply({}, { dhcp: { leaseTime: 86_400 } });
      expect(said).to.equal('OFFER');
      expect(header).to.deep.include({ op: 2, htype: 1, hops: 0, xid: 0x1234_abcd, secs: 0, ciaddr: 0 });
      expect(header.chaddr).to.deep.equal(request().packet.chaddr);
      expect(header).to.include({ yiaddr: reserved, siaddr: ip('192.168.77.1') });
      expect(options).to.include({ messageType: 2, serverId: ip('192.168.77.1'), leaseTime: 86_400 });
      expect(options.subnetMask).to.equal(ip('255.255.255.0'));
    });

    it('are the same but for their type and ciaddr', () => {
      const offer = reply(pxe);
      const ack = reply({
        ...pxe,
        type: 'REQUEST',
        requestedAddress: reserved,
        serverId: ip('192.168.77.1'),
      });
      expect(ack.said).to.equal('ACK');
      expect({ ...ack.options, messageType: 2 }).to.deep.equal(offer.options);
      expect(ack.header).to.deep.equal(offer.header);
    });

    it('keep the ciaddr of a renewal, and the flags and giaddr of every request', () => {
      const renewal = reply({ type: 'REQUEST', header: { ciaddr: reserved } });
      expect(renewal.header).to.include({ ciaddr: reserved, yiaddr: reserved });
      const relayed = reply({ header: { giaddr: ip('192.168.88.1'), flags: 0x8000 } });
      expect(relayed.header).to.include({ giaddr: ip('192.168.88.1'), flags: 0x8000 });
    });

    it('echo options 61 and 82', () => {
      const clientId = Uint8Array.of(1, 2, 3);
      const relayInfo = Uint8Array.of(1, 1, 9);
      expect(reply({ clientId, relayInfo }).options).to.include({ clientId, relayInfo });
      expect(reply({}).options).to.include({ clientId: undefined, relayInfo: undefined });
    });

    it('do not look at option 55: everything is sent always', () => {
      const asked = decode(captures.find(({ name }) => name === 'udhcpc-discover')!.bytes);
      expect([...asked.options.get(55)!]).to.not.include(7);
      const given = answer({ ...readRequest(asked), mac: mac('52:54:00:77:00:07') }, machine(), here());
      expect(given)
        .to.have.nested.property('options.logServers')
        .that.deep.equals([ip('192.168.77.1')]);
    });

    it('name the syslog server of the settings', () => {
      const { options } = reply({}, {}, { settings: { syslogIp: ip('10.9.8.7') } });
      expect(options.logServers).to.deep.equal([ip('10.9.8.7')]);
    });
  });

  describe('ACK to INFORM', () => {
    const inform: RequestParts = { type: 'INFORM', header: { ciaddr: reserved } };

    it('has neither yiaddr nor lease time, and goes to ciaddr', () => {
      const { said, header, options, to } = reply(inform);
      expect(said).to.equal('ACK');
      expect(header).to.include({ yiaddr: 0, ciaddr: reserved });
      expect(options).to.include({ messageType: 5, leaseTime: undefined, subnetMask: ip('255.255.255.0') });
      expect(to).to.deep.equal({ address: reserved, port: 68 });
    });

    it('says nothing about booting', () => {
      expect(boot({ ...pxe, ...inform })).to.deep.include({
        why: 'not-a-netboot-client',
        file: '',
        options: [],
      });
    });
  });

  describe('NAK', () => {
    const wrong: RequestParts = { type: 'REQUEST', requestedAddress: ip('192.168.77.250') };

    it('has no address and only options 53, 54, 56, 61 and 82', () => {
      const clientId = Uint8Array.of(1, 2, 3);
      const relayInfo = Uint8Array.of(1, 1, 9);
      const { said, why, header, options } = reply({
        ...pxe,
        ...wrong,
        clientId,
        relayInfo,
        header: { ciaddr: 9 },
      });
      expect([said, why]).to.deep.equal(['NAK', 'wrong-address']);
      expect(header).to.include({ ciaddr: 0, yiaddr: 0, siaddr: 0, file: '' });
      expect(options).to.have.all.keys('messageType', 'serverId', 'message', 'clientId', 'relayInfo');
      expect(options).to.include({ messageType: 6, serverId: ip('192.168.77.1'), clientId, relayInfo });
    });

    it('is broadcast', () => {
      const { to, header } = reply(wrong, {}, { source: { address: reserved, port: 68 } });
      expect(to).to.deep.equal({ address: ip('255.255.255.255'), port: 68 });
      expect(header.flags).to.equal(0);
    });

    it('goes to the relay with the broadcast bit set', () => {
      const giaddr = ip('192.168.88.1');
      const { to, header } = reply({ ...wrong, header: { giaddr } });
      expect(to).to.deep.equal({ address: giaddr, port: 67 });
      expect(header).to.include({ giaddr, flags: 0x8000 });
    });
  });

  describe('about booting', () => {
    const loader = ['clientUuid', 'vendorOptions'];
    const script = 'http://192.168.77.1:8080/52:54:00:77:00:07/auto.ipxe';
    const explicit = { dhcp: { tftpServerName: 'tftp.example', bootFileName: 'nvos/install.bin' } };
    const noPxe: MachineParts = { netboot: { allowed: false } };
    const risc: RequestParts = { ...pxe, architectures: [27] };
    const efiUrl = 'http://192.168.77.1:8080/ipxe/52:54:00:77:00:07/ipxe.efi';

    type Row = [
      what: string,
      parts: RequestParts,
      to: MachineParts,
      at: HereParts,
      expected: ReturnType<typeof boot>,
    ];
    const us = '192.168.77.1';
    const rows: readonly Row[] = [
      [
        'a client that does not netboot: nothing',
        {},
        {},
        {},
        { why: 'not-a-netboot-client', file: '', siaddr: us, options: [] },
      ],
      ['PXE firmware: the loader', pxe, {}, {}, { why: 'ok', file: 'ipxe.efi', siaddr: us, options: loader }],
      [
        'PXE firmware: the TFTP server of the settings',
        pxe,
        {},
        { settings: { tftpIp: ip('10.9.8.7') } },
        { why: 'ok', file: 'ipxe.efi', siaddr: '10.9.8.7', options: loader },
      ],
      [
        'HTTP Boot firmware: option 60 and a URL',
        httpBoot,
        {},
        {},
        { why: 'ok', file: efiUrl, siaddr: us, options: ['bootFileName', 'vendorClass', 'vendorOptions'] },
      ],
      [
        'a stock iPXE: the script, and no proxyDHCP to wait for',
        stockIpxe,
        {},
        {},
        { why: 'ok', file: script, siaddr: us, options: ['clientUuid', 'ipxe', 'vendorOptions'] },
      ],
      [
        "Tinkerbell's iPXE: the machine's own script",
        { ...pxe, userClasses: ['Tinkerbell'] },
        { netboot: { scriptUrl: 'http://my/x' } },
        {},
        { why: 'ok', file: 'http://my/x', siaddr: us, options: loader },
      ],
      [
        "the machine's own loader, over the map",
        pxe,
        { netboot: { binary: 'own.efi' } },
        {},
        { why: 'ok', file: 'own.efi', siaddr: us, options: loader },
      ],
      [
        'a machine that may not boot: a file that says so',
        pxe,
        noPxe,
        {},
        {
          why: 'netboot-not-allowed',
          file: '/netboot-not-allowed',
          siaddr: '0.0.0.0',
          options: ['clientUuid'],
        },
      ],
      [
        'an HTTP client that may not boot: option 60 all the same',
        httpBoot,
        noPxe,
        {},
        {
          why: 'netboot-not-allowed',
          file: '/netboot-not-allowed',
          siaddr: '0.0.0.0',
          options: ['vendorClass'],
        },
      ],
      [
        'an iPXE that may not boot: no word about proxies',
        stockIpxe,
        noPxe,
        {},
        {
          why: 'netboot-not-allowed',
          file: '/netboot-not-allowed',
          siaddr: '0.0.0.0',
          options: ['clientUuid'],
        },
      ],
      [
        'an unknown architecture: a refusal',
        risc,
        {},
        {},
        {
          why: 'unknown-architecture',
          file: '/netboot-not-allowed',
          siaddr: '0.0.0.0',
          options: ['clientUuid'],
        },
      ],
      [
        'an unknown architecture with a loader of its own',
        risc,
        { netboot: { binary: 'riscv.efi' } },
        {},
        { why: 'ok', file: 'riscv.efi', siaddr: us, options: loader },
      ],
      [
        'a loader that is not there: a file that says so',
        pxe,
        {},
        { missingLoaders: new Set(['ipxe.efi']) },
        { why: 'loader-missing', file: '/loader-missing', siaddr: '0.0.0.0', options: ['clientUuid'] },
      ],
      [
        'a loader of its own, which may lie elsewhere',
        pxe,
        { netboot: { binary: 'ipxe.efi' } },
        { missingLoaders: new Set(['ipxe.efi']) },
        { why: 'ok', file: 'ipxe.efi', siaddr: us, options: loader },
      ],
      [
        'an iPXE needs no loader',
        stockIpxe,
        {},
        { missingLoaders: new Set(['ipxe.efi']) },
        { why: 'ok', file: script, siaddr: us, options: ['clientUuid', 'ipxe', 'vendorOptions'] },
      ],
      [
        'no script: a file that says so',
        stockIpxe,
        {},
        { settings: { scriptEnabled: false } },
        { why: 'no-script', file: '/no-ipxe-script-defined', siaddr: us, options: loader },
      ],
      [
        'netboot options off: the address only',
        stockIpxe,
        {},
        { settings: { enableNetbootOptions: false } },
        { why: 'netboot-options-off', file: '', siaddr: us, options: [] },
      ],
      [
        'explicit options, also for clients that do not netboot',
        {},
        explicit,
        {},
        {
          why: 'explicit-boot-file',
          file: 'nvos/install.bin',
          siaddr: us,
          options: ['bootFileName', 'tftpServerName'],
        },
      ],
      [
        'explicit options, in place of all netboot logic',
        { ...stockIpxe, ...httpBoot },
        { ...explicit, ...noPxe },
        {},
        {
          why: 'explicit-boot-file',
          file: 'nvos/install.bin',
          siaddr: us,
          options: ['bootFileName', 'tftpServerName'],
        },
      ],
      [
        'explicit options, with netboot options off',
        pxe,
        explicit,
        { settings: { enableNetbootOptions: false } },
        {
          why: 'explicit-boot-file',
          file: 'nvos/install.bin',
          siaddr: us,
          options: ['bootFileName', 'tftpServerName'],
        },
      ],
      [
        'one explicit option alone: neither it nor netboot',
        pxe,
        { dhcp: { bootFileName: 'x' } },
        {},
        { why: 'explicit-boot-file', file: '', siaddr: us, options: [] },
      ],
      [
        'the other explicit option alone: neither it nor netboot',
        pxe,
        { dhcp: { tftpServerName: 'x' } },
        {},
        { why: 'explicit-boot-file', file: '', siaddr: us, options: [] },
      ],
      [
        'option 97 that is none: the address only',
        { ...pxe, uuid: new Uint8Array(3) },
        {},
        {},
        { why: 'bad-client-uuid', file: '', siaddr: us, options: [] },
      ],
    ];
    for (const [what, parts, to, at, expected] of rows) {
      it(what, () => {
        expect(boot(parts, to, at)).to.deep.equal(expected);
      });
    }

    for (const [code, { name, loader }] of Object.entries(architectures)) {
      if (!architectures[Number(code)]?.http || loader === undefined) continue;
      it(`an HTTP client of ${name} (${code}): its URL`, () => {
        const { header, options } = reply({ ...httpBoot, architectures: [Number(code)] });
        const url = `http://192.168.77.1:8080/ipxe/52:54:00:77:00:07/${loader}`;
        expect(header.file).to.equal(url);
        expect(options).to.include({ vendorClass: 'HTTPClient', bootFileName: url });
      });
    }

    it('says which file is missing and which architecture is unknown', () => {
      expect(reply(pxe, {}, { missingLoaders: new Set(['ipxe.efi']) }).detail).to.equal('ipxe.efi');
      expect(reply(risc).detail).to.equal('architecture 27');
    });

    it('echoes option 97', () => {
      const uuid = new Uint8Array(17).fill(5, 1);
      expect(reply({ ...pxe, uuid }).options.clientUuid).to.equal(uuid);
    });

    it('puts what the file field cannot hold into option 67 alone', () => {
      const longest = `http://my/${'x'.repeat(117)}`;
      const own = (scriptUrl: string) => reply(stockIpxe, { netboot: { scriptUrl } });
      expect(own(longest).header.file).to.equal(longest);
      expect(own(longest).options.bootFileName).to.equal(undefined);
      expect(own(`${longest}x`).header.file).to.equal('');
      expect(own(`${longest}x`).options.bootFileName).to.equal(`${longest}x`);
    });

    it('knows a Raspberry Pi by its address', () => {
      const pi = { mac: mac('dc:a6:32:00:00:0c') };
      const { header, options } = reply({ ...pxe, ...pi, architectures: [0] }, { dhcp: pi });
      expect(header.file).to.equal('snp-arm64.efi');
      expect(options.vendorOptions?.map(({ code }) => code)).to.deep.equal([6, 9, 10, 69]);
    });
  });

  describe('every capture', () => {
    const script = (address: string) => `http://192.168.77.1:8080/${address}/auto.ipxe`;
    const expected: Readonly<Record<string, readonly [said: string, why: string, file?: string]>> = {
      'aavmf-pxe-discover': ['OFFER', 'ok', 'snp-arm64.efi'],
      'aavmf-pxe-request': ['ACK', 'ok', 'snp-arm64.efi'],
      'bios-ipxerom-discover': ['OFFER', 'ok', 'script'],
      'bios-ipxerom-discover2': ['OFFER', 'not-a-netboot-client'],
      'bios-ipxerom-request': ['ACK', 'ok', 'script'],
      'bios-ipxerom-request2': ['ACK', 'not-a-netboot-client'],
      'bios-undionly-discover': ['OFFER', 'ok', 'undionly.kpxe'],
      'bios-undionly-discover2': ['OFFER', 'ok', 'script'],
      'bios-undionly-discover3': ['OFFER', 'not-a-netboot-client'],
      'bios-undionly-request': ['ACK', 'ok', 'undionly.kpxe'],
      'bios-undionly-request2': ['ACK', 'ok', 'script'],
      'bios-undionly-request3': ['ACK', 'not-a-netboot-client'],
      'dhclient-discover': ['OFFER', 'not-a-netboot-client'],
      'dhclient-release': ['silent', 'release'],
      'dhclient-request': ['ACK', 'not-a-netboot-client'],
      'ovmf-http-discover': ['OFFER', 'ok', 'http'],
      'ovmf-http-discover2': ['OFFER', 'ok', 'script'],
      'ovmf-http-discover3': ['OFFER', 'not-a-netboot-client'],
      'ovmf-http-request': ['ACK', 'ok', 'http'],
      'ovmf-http-request2': ['ACK', 'ok', 'script'],
      'ovmf-http-request3': ['ACK', 'not-a-netboot-client'],
      'ovmf-pxe-discover': ['OFFER', 'ok', 'ipxe.efi'],
      'ovmf-pxe-discover2': ['OFFER', 'ok', 'script'],
      'ovmf-pxe-request': ['ACK', 'ok', 'ipxe.efi'],
      'ovmf-pxe-request2': ['ACK', 'ok', 'script'],
      'proxy-bios-ipxe-4011-request': ['ACK', 'ok', 'script'],
      'proxy-bios-ipxe-discover': ['OFFER', 'ok', 'script'],
      'proxy-bios-ipxe-discover2': ['OFFER', 'not-a-netboot-client'],
      'proxy-bios-ipxe-request': ['silent', 'other-server'],
      'proxy-bios-ipxe-request2': ['silent', 'other-server'],
      'relay-dnsmasq-discover': ['OFFER', 'not-a-netboot-client'],
      'relay-dnsmasq-request': ['ACK', 'not-a-netboot-client'],
      'relay-isc-discover': ['OFFER', 'not-a-netboot-client'],
      'relay-isc-request': ['ACK', 'not-a-netboot-client'],
      'udhcpc-discover': ['OFFER', 'not-a-netboot-client'],
      'udhcpc-release': ['silent', 'release'],
      'udhcpc-request': ['ACK', 'not-a-netboot-client'],
    };

    for (const { name, bytes } of captures) {
      it(`${name}: ${expected[name]?.join(', ')}`, () => {
        const asked = readRequest(decode(bytes));
        const address = asked.requestedAddress ?? (asked.packet.ciaddr || reserved);
        const found = machine({ dhcp: { mac: asked.mac!, address } });
        const given = answer(asked, found, here());
        const [said, why, file] = expected[name]!;
        expect([given.said, given.why]).to.deep.equal([said, why]);
        if (given.said === 'silent') return;
        const url = file === 'script' ? script(asked.mac!) : file;
        const http = `http://192.168.77.1:8080/ipxe/${asked.mac}/ipxe.efi`;
        expect(given.file).to.equal(url === 'http' ? http : url);
        expect(given.to.address).to.equal(
          asked.packet.giaddr !== 0 ? asked.packet.giaddr : ip('255.255.255.255'),
        );
      });
    }

    it('is in the table, and the table has no other', () => {
      expect(captures.map(({ name }) => name)).to.have.members(Object.keys(expected));
    });
  });
});
