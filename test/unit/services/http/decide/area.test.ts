import { expect } from 'chai';
import { routeNames } from '#shared/assets/route.ts';
import { type AreaSettings, areaOf } from '../../../../../services/http/decide/area.ts';

const everything: AreaSettings = {
  httpIpxeBinaryEnabled: true,
  httpIpxeScriptEnabled: true,
  pxeHttpEnabled: true,
  pxeHttpPathPrefix: '/tftp/',
};

/** What is said about it, the path within it, and the routes. */
function seen(path: string, over: Partial<AreaSettings> = {}) {
  const area = areaOf(path, { ...everything, ...over });
  return area && [area.said, area.path.path, ...area.open];
}

describe('services/http/decide/area.ts', () => {
  const rows: Record<string, [string, Partial<AreaSettings>, readonly string[] | undefined]> = {
    'a script, anywhere': ['/a/b/auto.ipxe', {}, ['script', 'a/b/auto.ipxe', 'script']],
    'nothing where scripts are off': ['/auto.ipxe', { httpIpxeScriptEnabled: false }, undefined],
    'a loader': ['/ipxe/ipxe.efi', {}, ['loader', 'ipxe/ipxe.efi', 'loader']],
    'nothing where loaders are off': ['/ipxe/ipxe.efi', { httpIpxeBinaryEnabled: false }, undefined],
    'everything below the prefix of TFTP': ['/tftp/vmlinuz', {}, ['asset', 'vmlinuz', ...routeNames]],
    'but neither loaders nor scripts, where these are off': [
      '/tftp/auto.ipxe',
      { httpIpxeBinaryEnabled: false, httpIpxeScriptEnabled: false },
      ['asset', 'auto.ipxe', 'pxelinux', 'raspberry-pi', 'file'],
    ],
    'nothing below it while it is off': ['/tftp/vmlinuz', { pxeHttpEnabled: false }, undefined],
    'nothing elsewhere': ['/etc/passwd', {}, undefined],
  };
  for (const [what, [path, over, expected]] of Object.entries(rows)) {
    it(`opens ${what}`, () => expect(seen(path, over)).to.deep.equal(expected));
  }
});
