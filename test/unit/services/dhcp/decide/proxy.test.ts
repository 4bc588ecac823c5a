import { expect } from 'chai';
import { architectures } from '#shared/arch.ts';
import type { QuirkName } from '#shared/boot/quirks.ts';
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
import { machine } from '../../../../support/machines.ts';

const us = ip('192.168.77.1');
const foreign = ip('192.168.77.2');
const leased = ip('192.168.77.199');
const script = 'http://192.168.77.1:8080/52:54:00:77:00:07/auto.ipxe';

type Mode = 'proxy' | 'auto-proxy';

function ask(mode: Mode, parts: RequestParts, found: Machine | undefined, at: HereParts = {}) {
  return answer(request(parts), found, here({ ...at, settings: { ...at.settings, mode } }));
}

function reply(parts: RequestParts, found: Machine | undefined = machine(), at: HereParts = {}): Reply {
  const given = ask(found === undefined ? 'auto-proxy' : 'proxy', parts, found, at);
  if (given.said === 'silent') throw new Error(`silent: ${given.why}`);
  return given;
}

/** What a client that got its address elsewhere asks on port 4011. */
const late: RequestParts = { ...pxe, type: 'REQUEST', header: { ciaddr: leased } };
const on4011: HereParts = { onProxyPort: true, source: { address: leased, port: 4011 } };

describe('services/dhcp/decide/proxy', () => {
  describe('is silent', () => {
    type Row = [
      what: string,
      mode: Mode,
      why: string,
      parts: RequestParts,
      found: Machine | undefined,
      at?: HereParts,
    ];
    const known = machine();
    const rows: readonly Row[] = [
      ['to who only wants an address', 'auto-proxy', 'not-a-netboot-client', {}, known],
      ['to RELEASE', 'proxy', 'not-a-netboot-client', { ...pxe, type: 'RELEASE' }, known],
      ['to DECLINE', 'proxy', 'not-a-netboot-client', { ...pxe, type: 'DECLINE' }, known],
      ['to INFORM', 'proxy', 'not-a-netboot-client', { ...pxe, type: 'INFORM' }, known],
      ['to a client without option 93', 'proxy', 'no-architecture', { vendorClass: 'PXEClient' }, known],
      [
        'to a client whose option 97 is none',
        'proxy',
        'bad-client-uuid',
        { ...pxe, uuid: new Uint8Array(3) },
        known,
      ],
      [
        'to an unknown architecture, with a record',
        'proxy',
        'unknown-architecture',
        { ...pxe, architectures: [27] },
        known,
      ],
      [
        'to an unknown architecture, without one',
        'auto-proxy',
        'unknown-architecture',
        { ...pxe, architectures: [27] },
        undefined,
      ],
      ['to a stranger in proxy mode', 'proxy', 'unknown-machine', pxe, undefined],
      ['before the first sync, in proxy mode', 'proxy', 'not-synced', pxe, undefined, { synced: false }],
      [
        'before the first sync, in auto-proxy mode, for a record may forbid it',
        'auto-proxy',
        'not-synced',
        pxe,
        undefined,
        { synced: false },
      ],
      [
        'where the record says disableDhcp',
        'auto-proxy',
        'dhcp-disabled',
        pxe,
        machine({ dhcp: { disabled: true } }),
      ],
      [
        'with netboot options off, in proxy mode',
        'proxy',
        'netboot-options-off',
        pxe,
        known,
        { settings: { enableNetbootOptions: false } },
      ],
      [
        'with netboot options off, in auto-proxy mode',
        'auto-proxy',
        'netboot-options-off',
        pxe,
        undefined,
        { settings: { enableNetbootOptions: false } },
      ],
      [
        "to a REQUEST for the other server's offer",
        'proxy',
        'other-server',
        { ...pxe, type: 'REQUEST', serverId: foreign, requestedAddress: leased },
        known,
      ],
      [
        'to a REQUEST without option 54 on port 67: it renews, or starts with an old address',
        'proxy',
        'not-for-a-proxy',
        { ...pxe, type: 'REQUEST', requestedAddress: leased },
        known,
      ],
      [
        'to a REQUEST for an address, which a DHCP server on this very host has offered',
        'proxy',
        'not-for-a-proxy',
        { ...pxe, type: 'REQUEST', serverId: us, requestedAddress: leased },
        known,
      ],
      [
        'to a REQUEST on port 4011 for another server',
        'proxy',
        'other-server',
        { ...late, serverId: foreign },
        known,
        on4011,
      ],
      ['to DISCOVER on port 4011', 'proxy', 'unhandled-message-type', pxe, known, on4011],
      ['to a reply', 'proxy', 'not-a-request', { ...pxe, header: { op: 2 } }, known],
      ['where it has no address to answer from', 'proxy', 'no-server-address', pxe, known, { address: 0 }],
    ];
    for (const [what, mode, why, parts, found, at] of rows) {
      it(what, () => {
        expect(ask(mode, parts, found, at)).to.deep.equal({ said: 'silent', why });
      });
    }
  });

  describe('OFFER', () => {
    it('gives no address, and names the next server in siaddr, sname and option 54', () => {
      const { said, why, header, options, to } = reply(pxe);
      expect([said, why]).to.deep.equal(['OFFER', 'ok']);
      expect(header).to.include({
        yiaddr: 0,
        ciaddr: 0,
        siaddr: us,
        sname: '192.168.77.1',
        file: 'ipxe.efi',
      });
      expect(options).to.include({ messageType: 2, serverId: us });
      expect(options.leaseTime).to.equal(undefined);
      expect(options.subnetMask).to.equal(undefined);
      expect(to).to.deep.equal({ address: ip('255.255.255.255'), port: 68 });
    });

    it('has option 60, the discovery control of option 43 without a trace, and 61, 82 and 97 echoed', () => {
      const uuid = new Uint8Array(17).fill(5, 1);
      const clientId = Uint8Array.of(1, 2, 3);
      const relayInfo = Uint8Array.of(1, 1, 9);
      const { options } = reply({ ...pxe, uuid, clientId, relayInfo });
      expect(options).to.deep.include({ vendorClass: 'PXEClient', clientUuid: uuid, clientId, relayInfo });
      expect(options.vendorOptions).to.deep.equal([{ code: 6, bytes: Uint8Array.of(8) }]);
      expect(options.ipxe, 'it may wait for a proxy: we are one').to.equal(undefined);
    });

    it('names the TFTP server of the settings as next server', () => {
      const at = { settings: { tftpIp: ip('10.9.8.7') } };
      const { header, options } = reply(pxe, machine(), at);
      expect(header).to.include({ siaddr: ip('10.9.8.7'), sname: '10.9.8.7' });
      expect(options.serverId).to.equal(ip('10.9.8.7'));
    });

    it('goes through a relay as every reply', () => {
      const giaddr = ip('192.168.88.1');
      expect(reply({ ...pxe, header: { giaddr } }).to).to.deep.equal({ address: giaddr, port: 67 });
    });

    it('shows a Raspberry Pi its menu', () => {
      const pi = mac('dc:a6:32:00:00:0c');
      const { header, options } = reply(
        { ...pxe, mac: pi, architectures: [0] },
        machine({ dhcp: { mac: pi } }),
      );
      expect(header.file).to.equal('snp-arm64.efi');
      expect(options.vendorOptions?.map(({ code }) => code)).to.deep.equal([6, 9, 10]);
    });
  });

  describe('names', () => {
    const rows: readonly [
      what: string,
      parts: RequestParts,
      found: Machine | undefined,
      at: HereParts,
      why: string,
      file: string,
    ][] = [
      ['the loader, to PXE firmware with a record', pxe, machine(), {}, 'ok', 'ipxe.efi'],
      ['the loader, to PXE firmware without one', pxe, undefined, {}, 'ok', 'ipxe.efi'],
      ['the loader of the record', pxe, machine({ netboot: { binary: 'own.efi' } }), {}, 'ok', 'own.efi'],
      [
        'the loader of the record, to an unknown architecture',
        { ...pxe, architectures: [27] },
        machine({ netboot: { binary: 'riscv.efi' } }),
        {},
        'ok',
        'riscv.efi',
      ],
      ['the script, to an iPXE', stockIpxe, machine(), {}, 'ok', script],
      ['the script, to an iPXE without a record', stockIpxe, undefined, {}, 'ok', script],
      [
        "the script for all, to Tinkerbell's iPXE, though its record has one of its own",
        { ...pxe, userClasses: ['Tinkerbell'] },
        machine({ netboot: { scriptUrl: 'http://my/x' } }),
        {},
        'ok',
        script,
      ],
      [
        'a tftp:// URL, to an iPXE without HTTP',
        { ...stockIpxe, ipxe: { http: false } },
        machine(),
        {},
        'ok',
        'tftp://192.168.77.1:69/52:54:00:77:00:07/ipxe.efi',
      ],
      [
        'a refusal with its MAC, to who may not boot',
        pxe,
        machine({ netboot: { allowed: false } }),
        {},
        'netboot-not-allowed',
        '/52:54:00:77:00:07/netboot-not-allowed',
      ],
      [
        'a missing loader',
        pxe,
        undefined,
        { missingLoaders: new Set(['ipxe.efi']) },
        'loader-missing',
        '/loader-missing',
      ],
      [
        'a missing script',
        stockIpxe,
        machine(),
        { settings: { scriptEnabled: false } },
        'no-script',
        '/no-ipxe-script-defined',
      ],
    ];
    for (const [what, parts, found, at, why, file] of rows) {
      it(what, () => {
        const given = reply(parts, found, at);
        expect([given.why, given.file, given.header.file]).to.deep.equal([why, file, file]);
        expect(given.header.siaddr).to.equal(us);
      });
    }

    it('forbids by the record in auto-proxy mode, too', () => {
      const given = ask('auto-proxy', pxe, machine({ netboot: { allowed: false } }));
      expect(given.why).to.equal('netboot-not-allowed');
    });

    it('what the header cannot hold in option 67', () => {
      const scriptUrl = new URL(`http://my/${'x'.repeat(120)}/s.ipxe`);
      const { header, options } = reply(stockIpxe, machine(), { settings: { scriptUrl } });
      expect(header.file).to.equal('');
      expect(options.bootFileName).to.match(/^http:\/\/my\/x+\/52:54:00:77:00:07\/s\.ipxe$/);
    });
  });

  describe('HTTP Boot', () => {
    const http = Object.entries(architectures).filter(([, one]) => one.http && one.loader !== undefined);
    for (const [code, { name, loader }] of http) {
      for (const found of [machine(), undefined]) {
        it(`offers ${name} (${code}) its URL, ${found === undefined ? 'without' : 'with'} a record`, () => {
          const { header, options } = reply({ ...httpBoot, architectures: [Number(code)] }, found);
          const url = `http://192.168.77.1:8080/ipxe/52:54:00:77:00:07/${loader}`;
          expect(header).to.include({ file: url, yiaddr: 0 });
          expect(options).to.include({ vendorClass: 'HTTPClient', bootFileName: url });
        });
      }
    }

    it('is offered by the HTTP host when that is an address', () => {
      const { header } = reply(httpBoot, machine(), { settings: { binaryHost: '10.9.8.7' } });
      expect(formatIp4(header.siaddr)).to.equal('10.9.8.7');
    });
  });

  describe('ACK', () => {
    it('answers a REQUEST on 67 for our own OFFER, which named the next server', () => {
      const tftpIp = ip('10.9.8.7');
      for (const serverId of [us, tftpIp]) {
        const { said } = reply({ ...pxe, type: 'REQUEST', serverId }, machine(), { settings: { tftpIp } });
        expect(said).to.equal('ACK');
      }
    });

    it('on 4011 goes back to address and port of who asked, with the option 54 of the OFFER', () => {
      const { said, header, options, to } = reply(late, machine(), on4011);
      expect(said).to.equal('ACK');
      expect(to).to.deep.equal({ address: leased, port: 4011 });
      expect(options.serverId).to.equal(reply(pxe).options.serverId);
      expect(header).to.include({ ciaddr: leased, yiaddr: 0, file: 'ipxe.efi', siaddr: us });
    });

    it('on 4011 is never a renewal, and never a NAK, whatever address the client has', () => {
      for (const ciaddr of [0, leased, ip('203.0.113.9')]) {
        for (const requestedAddress of [undefined, ip('203.0.113.9')]) {
          const parts = { ...late, requestedAddress, header: { ciaddr } };
          expect(reply(parts, machine({ dhcp: { address: ip('192.168.77.107') } }), on4011).said).to.equal(
            'ACK',
          );
        }
      }
    });

    it('on 4011 answers who has no record in auto-proxy mode', () => {
      expect(reply(late, undefined, on4011).why).to.equal('ok');
    });
  });

  describe('for firmware with a quirk', () => {
    const quirky = (...quirks: QuirkName[]) => machine({ quirks });
    const shape = ({ header, options }: Reply) => [
      header.file,
      options.vendorOptions?.map(({ code }) => code),
    ];

    it('boot-file-on-4011: the file only in the ACK from there', () => {
      const offer = reply(pxe, quirky('boot-file-on-4011'));
      expect(shape(offer)).to.deep.equal(['', undefined]);
      expect(offer.options.bootFileName).to.equal(undefined);
      expect(offer.file).to.equal(undefined);
      expect(shape(reply(late, quirky('boot-file-on-4011'), on4011))).to.deep.equal(['ipxe.efi', [6]]);
    });

    it('no-discovery-control: the OFFER without option 43', () => {
      expect(shape(reply(pxe, quirky('no-discovery-control')))).to.deep.equal(['ipxe.efi', undefined]);
      expect(shape(reply(late, quirky('no-discovery-control'), on4011))).to.deep.equal(['ipxe.efi', [6]]);
    });

    it('neither changes HTTP Boot, which knows no port 4011', () => {
      const found = quirky('boot-file-on-4011', 'no-discovery-control');
      expect(reply(httpBoot, found)).to.deep.equal(reply(httpBoot));
    });
  });

  describe('every capture', () => {
    const answered: Readonly<Record<string, readonly [said: string, why: string, file?: string]>> = {
      'aavmf-pxe-discover': ['OFFER', 'ok', 'snp-arm64.efi'],
      'bios-ipxerom-discover': ['OFFER', 'ok', 'script'],
      'bios-undionly-discover': ['OFFER', 'ok', 'undionly.kpxe'],
      'bios-undionly-discover2': ['OFFER', 'ok', 'script'],
      'ovmf-http-discover': ['OFFER', 'ok', 'http'],
      'ovmf-http-discover2': ['OFFER', 'ok', 'script'],
      'ovmf-pxe-discover': ['OFFER', 'ok', 'ipxe.efi'],
      'ovmf-pxe-discover2': ['OFFER', 'ok', 'script'],
      'proxy-bios-ipxe-4011-request': ['ACK', 'ok', 'script'],
      'proxy-bios-ipxe-discover': ['OFFER', 'ok', 'script'],
    };
    for (const { name, bytes } of captures) {
      const [said, why, file] = answered[name] ?? ['silent'];
      it(`${name}: ${[said, file].filter(Boolean).join(', ')}, with and without a record`, () => {
        const asked = readRequest(decode(bytes));
        const at = here({
          onProxyPort: name.includes('4011'),
          // The firmware behind the captures of reservation mode chose us: here, that was somebody else.
          isOurs: (address) => address === us && name.includes('4011'),
          address: name.includes('4011') ? us : ip('192.168.77.9'),
          settings: { mode: 'auto-proxy' },
        });
        for (const found of [machine({ dhcp: { mac: asked.mac! } }), undefined]) {
          const given = answer(asked, found, at);
          expect(given.said).to.equal(said);
          if (given.said === 'silent') continue;
          const base = `http://${formatIp4(at.address)}:8080`;
          const url = {
            script: `${base}/${asked.mac}/auto.ipxe`,
            http: `${base}/ipxe/${asked.mac}/ipxe.efi`,
          };
          expect([given.why, given.file]).to.deep.equal([why, url[file as keyof typeof url] ?? file]);
        }
      });
    }
  });
});
