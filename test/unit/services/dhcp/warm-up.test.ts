import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { dhcpSettings } from '../../../../services/dhcp/config.ts';
import { warmUp } from '../../../../services/dhcp/warm-up.ts';
import { logSink } from '../../../support/log-sink.ts';

/** What it says of itself. */
async function warm(...args: string[]) {
  const { log, lines } = logSink('dhcp');
  await warmUp({ settings: readSettings(dhcpSettings, { env: {}, args }), log });
  return lines;
}

describe('services/dhcp/warm-up.ts', () => {
  for (const mode of ['reservation', 'proxy', 'auto-proxy'])
    it(`plays packets that are answered in mode ${mode}: silence would warm nothing up`, async () => {
      const [line] = await warm('--dhcp-mode', mode);
      expect(line).to.include({ msg: 'warmed up' });
      expect(line?.asked).to.be.at.least(1000);
      expect(line?.answered).to.be.at.least(Number(line?.asked) / 2);
    });

  it('has every packet answered in reservation mode', async () => {
    const [line] = await warm();
    expect(line?.answered).to.equal(line?.asked);
  });

  it('does nothing where DHCP is switched off', async () => {
    expect(await warm('--dhcp-enabled=false')).to.deep.equal([]);
  });
});
