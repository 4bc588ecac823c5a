import { expect } from 'chai';
import { parseIp4 } from '#shared/ip4.ts';
import { type SiteSettings, siteOf } from '../../../../../services/tftp/decide/site.ts';

const plain: SiteSettings = { scriptScheme: 'http', scriptHost: undefined, scriptPort: 8080 };
const asked = parseIp4('192.168.77.1')!;

describe('services/tftp/decide/site.ts', () => {
  const rows: Record<string, [Partial<SiteSettings>, host: string, text: string]> = {
    'the address that was asked': [{}, '192.168.77.1', '192.168.77.1:8080'],
    'the host of the settings': [{ scriptHost: 'boot' }, 'boot', 'boot:8080'],
    'no port where http has its own': [{ scriptPort: 80 }, '192.168.77.1', '192.168.77.1'],
    'no port where https has its own': [
      { scriptScheme: 'https', scriptPort: 443 },
      '192.168.77.1',
      '192.168.77.1',
    ],
    'the port where it is the other one’s': [
      { scriptScheme: 'https', scriptPort: 80 },
      '192.168.77.1',
      '192.168.77.1:80',
    ],
  };
  for (const [what, [over, host, text]] of Object.entries(rows)) {
    it(`is ${what}`, () => {
      const { scriptScheme: scheme } = { ...plain, ...over };
      expect(siteOf({ ...plain, ...over }, asked)).to.deep.equal({ scheme, host, text });
    });
  }
});
