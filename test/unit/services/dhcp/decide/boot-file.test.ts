import { expect } from 'chai';
import { formatIp4 } from '#shared/ip4.ts';
import { loaderFile, nextServer, scriptUrl, stageOf } from '../../../../../services/dhcp/decide/boot-file.ts';
import type { NetbootClient } from '../../../../../services/dhcp/decide/client.ts';
import {
  type HereParts,
  here,
  ip,
  mac,
  pxe,
  type RequestParts,
  request,
  stockIpxe,
} from '../../../../support/dhcp-request.ts';

const bios: NetbootClient = { kind: 'PXEClient', architectures: [0] };
const http: NetbootClient = { kind: 'HTTPClient', architectures: [16] };
const plain = mac('52:54:00:77:00:07');
const noHttp: RequestParts = { ...stockIpxe, ipxe: { http: false } };
const oldIpxe: RequestParts = { ...stockIpxe, ipxe: undefined };

describe('services/dhcp/decide/boot-file', () => {
  describe('stageOf', () => {
    type Settings = NonNullable<HereParts['settings']>;
    const rows: readonly [
      what: string,
      parts: RequestParts,
      client: NetbootClient,
      settings: Settings,
      stage: string,
    ][] = [
      ['plain PXE firmware', pxe, bios, {}, 'loader-by-name'],
      ['HTTP Boot firmware', pxe, http, {}, 'loader-by-http'],
      ["Tinkerbell's iPXE", { ...pxe, userClasses: ['Tinkerbell'] }, bios, {}, 'script'],
      [
        "Tinkerbell's iPXE, when all is chained",
        { ...pxe, userClasses: ['Tinkerbell'] },
        bios,
        { chain: 'always' },
        'script',
      ],
      ['Tinkerbell among other classes', { ...pxe, userClasses: ['x', 'Tinkerbell'] }, bios, {}, 'script'],
      ["Tinkerbell's iPXE loaded by HTTP Boot", { ...pxe, userClasses: ['Tinkerbell'] }, http, {}, 'script'],
      ['the class of the operator', { ...pxe, userClasses: ['Acme'] }, bios, { userClass: 'Acme' }, 'script'],
      ['a class that nobody named', { ...pxe, userClasses: ['Acme'] }, bios, {}, 'loader-by-name'],
      ['a stock iPXE with HTTP', stockIpxe, bios, {}, 'script'],
      ['a stock iPXE with HTTP, loaded by HTTP Boot', stockIpxe, http, {}, 'script'],
      [
        'a stock iPXE with HTTP, when all is chained',
        stockIpxe,
        bios,
        { chain: 'always' },
        'loader-by-tftp-url',
      ],
      [
        'a stock iPXE loaded by HTTP Boot, when all is chained',
        stockIpxe,
        http,
        { chain: 'always' },
        'loader-by-http',
      ],
      ['a stock iPXE without HTTP', noHttp, bios, {}, 'loader-by-tftp-url'],
      ['a stock iPXE without option 175', oldIpxe, bios, {}, 'loader-by-tftp-url'],
      ['a stock iPXE without HTTP, when nothing is chained', noHttp, bios, { chain: 'never' }, 'script'],
    ];
    for (const [what, parts, client, settings, stage] of rows) {
      it(`gives ${stage} to ${what}`, () => {
        expect(stageOf(request(parts), client, here({ settings }))).to.equal(stage);
      });
    }
  });

  describe('loaderFile', () => {
    const file = (stage: Parameters<typeof loaderFile>[0], settings: HereParts['settings'] = {}) =>
      loaderFile(stage, 'ipxe.efi', plain, here({ settings }));

    it('is the plain name for TFTP', () => {
      expect(file('loader-by-name')).to.equal('ipxe.efi');
    });
    it('is a tftp:// URL with the MAC and always with the port', () => {
      expect(file('loader-by-tftp-url')).to.equal('tftp://192.168.77.1:69/52:54:00:77:00:07/ipxe.efi');
    });
    it('names the TFTP server of the settings', () => {
      const url = file('loader-by-tftp-url', { tftpIp: ip('10.9.8.7'), tftpPort: 10_069 });
      expect(url).to.equal('tftp://10.9.8.7:10069/52:54:00:77:00:07/ipxe.efi');
    });
    it('is an http:// URL with the MAC and always with the port', () => {
      expect(file('loader-by-http')).to.equal('http://192.168.77.1:8080/ipxe/52:54:00:77:00:07/ipxe.efi');
      expect(file('loader-by-http', { binaryPort: 80 })).to.include('http://192.168.77.1:80/');
    });
    it('follows scheme, host, port and path of the settings, with or without slashes', () => {
      const settings = { binaryScheme: 'https', binaryHost: 'boot.example', binaryPort: 443 };
      for (const binaryPath of ['/a/b', 'a/b/', '/a/b/', 'a/b']) {
        expect(file('loader-by-http', { ...settings, binaryPath })).to.equal(
          'https://boot.example:443/a/b/52:54:00:77:00:07/ipxe.efi',
        );
      }
    });

    const formats: readonly [format: Parameters<typeof here>[0], path: string][] = [
      [{ settings: { binaryMacFormat: 'colon' } }, '52:54:00:77:00:07/'],
      [{ settings: { binaryMacFormat: 'dot' } }, '52.54.00.77.00.07/'],
      [{ settings: { binaryMacFormat: 'dash' } }, '52-54-00-77-00-07/'],
      [{ settings: { binaryMacFormat: 'no-delimiter' } }, '525400770007/'],
      [{ settings: { binaryMacFormat: 'empty' } }, ''],
    ];
    for (const [parts, path] of formats) {
      it(`writes the MAC as ${path || 'nothing'}`, () => {
        const url = loaderFile('loader-by-http', 'ipxe.efi', plain, here(parts));
        expect(url).to.equal(`http://192.168.77.1:8080/ipxe/${path}ipxe.efi`);
      });
    }
  });

  describe('scriptUrl', () => {
    const url = (settings: HereParts['settings'] = {}) => scriptUrl(plain, here({ settings }));

    const rows: readonly [
      what: string,
      settings: NonNullable<HereParts['settings']>,
      expected: string | undefined,
    ][] = [
      ['the defaults', {}, 'http://192.168.77.1:8080/52:54:00:77:00:07/auto.ipxe'],
      ['no MAC', { scriptPrependMac: false }, 'http://192.168.77.1:8080/auto.ipxe'],
      ['port 80', { scriptPort: 80 }, 'http://192.168.77.1/52:54:00:77:00:07/auto.ipxe'],
      [
        'https on 443',
        { scriptScheme: 'https', scriptPort: 443 },
        'https://192.168.77.1/52:54:00:77:00:07/auto.ipxe',
      ],
      [
        'https on 80',
        { scriptScheme: 'https', scriptPort: 80 },
        'https://192.168.77.1:80/52:54:00:77:00:07/auto.ipxe',
      ],
      [
        'a host and a path',
        { scriptHost: 'boot.example', scriptPath: 'a/s.ipxe' },
        'http://boot.example:8080/a/52:54:00:77:00:07/s.ipxe',
      ],
      [
        'a URL over all four',
        { scriptUrl: new URL('https://x.example/s?q=a/b'), scriptHost: 'y' },
        'https://x.example/52:54:00:77:00:07/s?q=a/b',
      ],
      ['our script service switched off', { scriptEnabled: false }, undefined],
      [
        "somebody else's script service",
        { scriptEnabled: false, scriptHost: 'y' },
        'http://y:8080/52:54:00:77:00:07/auto.ipxe',
      ],
      [
        'a URL, with ours switched off',
        { scriptEnabled: false, scriptUrl: new URL('http://y/s') },
        'http://y/52:54:00:77:00:07/s',
      ],
    ];
    for (const [what, settings, expected] of rows) {
      it(`follows ${what}`, () => {
        expect(url(settings)).to.equal(expected);
      });
    }
  });

  describe('nextServer', () => {
    const server = (client: NetbootClient, settings: NonNullable<HereParts['settings']>) =>
      formatIp4(nextServer(client, here({ settings })));

    it('is the TFTP server for PXE clients, or ourselves', () => {
      expect(server(bios, {})).to.equal('192.168.77.1');
      expect(server(bios, { tftpIp: ip('10.9.8.7'), binaryHost: '1.2.3.4' })).to.equal('10.9.8.7');
    });
    it('is the HTTP host for HTTP clients when that is an address, else ourselves', () => {
      expect(server(http, { binaryHost: '10.9.8.7', tftpIp: ip('1.2.3.4') })).to.equal('10.9.8.7');
      expect(server(http, { binaryHost: 'boot.example', tftpIp: ip('1.2.3.4') })).to.equal('192.168.77.1');
    });
  });
});
