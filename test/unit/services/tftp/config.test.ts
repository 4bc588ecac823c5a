import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { formatIp4 } from '#shared/ip4.ts';
import { tftpSettings } from '../../../../services/tftp/config.ts';

const read = (env: Record<string, string> = {}) => readSettings(tftpSettings, { env, args: [] });

describe('services/tftp/config.ts', () => {
  it('has Smee’s defaults', () => {
    expect(read()).to.deep.include({
      tftpEnabled: true,
      tftpAddr: undefined,
      tftpPort: 69,
      tftpBlockSize: 512,
      tftpTimeout: 5000,
      tftpSinglePort: true,
      tftpAssetDir: undefined,
      tftpMaxTransfers: 10_000,
    });
  });

  it('takes several addresses, and Tinkerbell’s names where Smee has none', () => {
    const { tftpAddr, tftpSinglePort, tftpAssetDir } = read({
      SMEE_TFTP_ADDR: '127.0.0.1, 10.0.0.1',
      TINKERBELL_TFTP_SINGLE_PORT: 'false',
      TINKERBELL_TFTP_ASSET_DIR: '/srv/tftp',
    });
    expect(tftpAddr?.map(formatIp4)).to.deep.equal(['127.0.0.1', '10.0.0.1']);
    expect({ tftpSinglePort, tftpAssetDir }).to.deep.equal({
      tftpSinglePort: false,
      tftpAssetDir: '/srv/tftp',
    });
  });
});
