import { expect } from 'chai';
import { ConfigError } from '#shared/errors.ts';
import { formatIp4 } from '#shared/ip4.ts';
import { readUpSettings } from '../../../../cli/up/settings.ts';

const interfaces = new Map([
  ['lo', ['127.0.0.1']],
  ['eth0', ['192.168.77.1', '10.0.0.1']],
]);

function read(args: readonly string[], env: Record<string, string> = {}) {
  return readUpSettings({ args, env }, interfaces);
}

function problemsOf(args: readonly string[], env: Record<string, string> = {}): readonly string[] {
  try {
    read(args, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('cli/up/settings.ts', () => {
  it('listens on loopback only, until told otherwise', () => {
    const { dhcp, tftp, http, syslog, hardware } = read([]);
    expect(formatIp4(dhcp.addr.address)).to.equal('127.0.0.1');
    expect(dhcp.ifaces).to.equal(undefined);
    for (const addresses of [tftp.tftpAddr, http.httpAddr, syslog.syslogAddr]) {
      expect(addresses?.map(formatIp4)).to.deep.equal(['127.0.0.1']);
    }
    expect(hardware.bind.host).to.equal('127.0.0.1');
  });

  it('does not listen everywhere because a variable is empty', () => {
    const { tftp, dhcp } = read([], { SMEE_TFTP_ADDR: '', SMEE_DHCP_ADDR: '' });
    expect(tftp.tftpAddr?.map(formatIp4)).to.deep.equal(['127.0.0.1']);
    expect(formatIp4(dhcp.addr.address)).to.equal('127.0.0.1');
  });

  for (const [how, args, env] of [
    ['a flag', ['--iface', 'eth0'], {}],
    ['a variable', [], { SMEE_IFACE: 'eth0' }],
  ] as const) {
    it(`serves an interface beside loopback, named by ${how}`, () => {
      const { dhcp, tftp, http, syslog } = read(args, env);
      expect(dhcp.ifaces).to.deep.equal(['lo', 'eth0']);
      for (const addresses of [tftp.tftpAddr, http.httpAddr, syslog.syslogAddr]) {
        expect(addresses?.map(formatIp4)).to.deep.equal(['127.0.0.1', '192.168.77.1', '10.0.0.1']);
      }
    });
  }

  it('leaves what the operator says: a flag over a variable over loopback', () => {
    const env = { SMEE_TFTP_ADDR: '10.0.0.1', SMEE_HTTP_ADDR: '10.0.0.1' };
    const { tftp, http } = read(['--tftp-addr=10.0.0.2', '--http-port=80'], env);
    expect(tftp.tftpAddr?.map(formatIp4)).to.deep.equal(['10.0.0.2']);
    expect(http.httpAddr?.map(formatIp4)).to.deep.equal(['10.0.0.1']);
    expect(http.httpPort).to.equal(80);
  });

  it('names each interface that will not do, and those that will', () => {
    const problems = problemsOf(['--iface', 'nope0,eth0,nope1']);
    expect(problems).to.have.length(2);
    for (const problem of problems) expect(problem).to.match(/^--iface=nope[01]: .*lo, eth0$/);
  });

  it('reports the problems of all services at once', () => {
    const problems = problemsOf(['--tftp-port=x', '--nonsense'], { SMEE_LOG_LEVEL: 'loud' });
    expect(problems.join('\n'))
      .to.match(/--tftp-port/)
      .and.match(/--nonsense/)
      .and.match(/SMEE_LOG_LEVEL/);
    expect(problems).to.have.length(3);
  });
});
