import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { dhcpSettings } from '../../../../services/dhcp/config.ts';
import { warmUp } from '../../../../services/dhcp/warm-up.ts';
import { replaced } from '../../../support/libc.ts';
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

  it('says so when nothing came back: the loopback is down', async () => {
    using _down = replaced('sendmmsg', () => (_fd, _messages, count) => count);
    const [line, ...more] = await warm();
    expect(line).to.include({ asked: 0, answered: 0 });
    expect(line?.msg).to.match(/^could not warm up/);
    expect(more).to.deep.equal([]);
  });

  it('does nothing where DHCP is switched off', async () => {
    expect(await warm('--dhcp-enabled=false')).to.deep.equal([]);
  });
});
