import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { dhcpSettings } from '../../../../services/dhcp/config.ts';
import { warmUp } from '../../../../services/dhcp/warm-up.ts';

const warm = (...args: string[]) => warmUp(readSettings(dhcpSettings, { env: {}, args }));

describe('services/dhcp/warm-up.ts', () => {
  for (const mode of ['reservation', 'proxy', 'auto-proxy'])
    it(`plays packets that are answered in mode ${mode}: silence would warm nothing up`, async () => {
      const { asked, answered } = await warm('--dhcp-mode', mode);
      expect(asked).to.be.at.least(1000);
      expect(answered).to.be.at.least(asked / 2);
    });

  it('has every packet answered in reservation mode', async () => {
    const { asked, answered } = await warm();
    expect(answered).to.equal(asked);
  });

  it('does nothing where DHCP is switched off', async () => {
    expect(await warm('--dhcp-enabled=false')).to.deep.equal({ asked: 0, answered: 0 });
  });
});
