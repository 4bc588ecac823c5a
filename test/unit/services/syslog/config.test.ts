import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { formatIp4 } from '#shared/ip4.ts';
import { syslogSettings } from '../../../../services/syslog/config.ts';

const read = (env: Record<string, string> = {}) => readSettings(syslogSettings, { env, args: [] });

describe('services/syslog/config.ts', () => {
  it('has Smee’s defaults', () => {
    expect(read()).to.deep.include({ syslogEnabled: true, syslogAddr: undefined, syslogPort: 514 });
  });

  it('takes several addresses', () => {
    const { syslogAddr } = read({ SMEE_SYSLOG_ADDR: '127.0.0.1,10.0.0.1' });
    expect(syslogAddr?.map(formatIp4)).to.deep.equal(['127.0.0.1', '10.0.0.1']);
  });
});
