import { expect } from 'chai';
import {
  bool,
  duration,
  formatHostPort,
  helpText,
  hostPort,
  httpUrl,
  integer,
  ip4,
  type Kind,
  list,
  oneOf,
  port,
  readSettings,
  readTables,
  setting,
  text,
  Wrong,
} from '#shared/config.ts';
import { ConfigError } from '#shared/errors.ts';
import { parseIp4 } from '#shared/ip4.ts';

const table = {
  mode: setting('dhcp-mode', oneOf('reservation', 'proxy'), 'reservation', 'How to answer.'),
  enabled: setting('tftp-enabled', bool, 'true', 'Whether to listen.'),
  retries: setting('retries', integer(0, 9), '1', 'How often.', { tinkerbell: true }),
  ca: setting('ca', text, undefined, 'A file.', { standard: ['OTEL_THIS_CA', 'OTEL_CA'] }),
  timeout: setting('tftp-timeout', duration, '5s', 'How long.'),
  url: setting('osie-url', httpUrl, undefined, 'Where kernels are.'),
  args: setting('extra-kernel-args', text, undefined, 'More arguments.', { secret: true }),
  key: setting('secret-ports', list(port), undefined, 'Secret ports.', { secret: true }),
};

const read = (env: Record<string, string> = {}, ...args: string[]) => readSettings(table, { env, args });

function problemsOf(env: Record<string, string>, ...args: string[]): readonly string[] {
  try {
    read(env, ...args);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('shared/config.ts', () => {
  it('gives the defaults when nothing is said', () => {
    expect(read()).to.deep.equal({
      mode: 'reservation',
      enabled: true,
      retries: 1,
      ca: undefined,
      timeout: 5000,
      url: undefined,
      args: undefined,
      key: undefined,
    });
  });

  it('reads a variable, and a flag over it', () => {
    expect(read({ SMEE_DHCP_MODE: 'proxy' }).mode).to.equal('proxy');
    expect(read({ SMEE_DHCP_MODE: 'proxy' }, '--dhcp-mode', 'reservation').mode).to.equal('reservation');
  });

  it('counts an empty variable as unset, as compose files write it', () => {
    expect(read({ SMEE_DHCP_MODE: '', SMEE_OSIE_URL: '' })).to.include({
      mode: 'reservation',
      url: undefined,
    });
  });

  it('takes a variable back by an empty flag', () => {
    expect(read({ SMEE_OSIE_URL: 'http://a' }, '-osie-url=').url).to.equal(undefined);
    expect(problemsOf({}, '-retries=')).to.have.length(1);
  });

  const flags: readonly [string, readonly string[], Partial<ReturnType<typeof read>>][] = [
    ['-x v', ['-dhcp-mode', 'proxy'], { mode: 'proxy' }],
    ['--x v', ['--dhcp-mode', 'proxy'], { mode: 'proxy' }],
    ['-x=v', ['-dhcp-mode=proxy'], { mode: 'proxy' }],
    ['--x=v', ['--dhcp-mode=proxy'], { mode: 'proxy' }],
    ['a value with = in it', ['--extra-kernel-args=a=b c=d'], { args: 'a=b c=d' }],
    ['a value that starts with -', ['--extra-kernel-args', '-v'], { args: '-v' }],
    [
      'a bare boolean, which takes no value',
      ['-tftp-enabled', '-dhcp-mode', 'proxy'],
      { enabled: true, mode: 'proxy' },
    ],
    ['a boolean set false', ['-tftp-enabled=false'], { enabled: false }],
    ['the last of two', ['-retries=2', '-retries=3'], { retries: 3 }],
  ];
  describe("reads flags in Go's syntax", () => {
    for (const [name, args, values] of flags) {
      it(name, () => expect(read({}, ...args)).to.include(values));
    }
  });

  it("reads a standard's own variables, the first one first, and ours before them", () => {
    const both = { OTEL_CA: 'all.pem', OTEL_THIS_CA: 'this.pem' };
    expect(read({ OTEL_CA: 'all.pem' }).ca).to.equal('all.pem');
    expect(read(both).ca).to.equal('this.pem');
    expect(read({ ...both, SMEE_CA: 'ours.pem' }).ca).to.equal('ours.pem');
  });

  it('reads TINKERBELL_ only for settings that are only there, and SMEE_ before it', () => {
    expect(read({ TINKERBELL_RETRIES: '3' }).retries).to.equal(3);
    expect(read({ TINKERBELL_RETRIES: '3', SMEE_RETRIES: '4' }).retries).to.equal(4);
    expect(read({ TINKERBELL_DHCP_MODE: 'proxy' }).mode).to.equal('reservation');
  });

  it('reports every problem at once, each with its place and what to write', () => {
    expect(
      problemsOf(
        { SMEE_DHCP_MODE: 'x', SMEE_TFTP_TIMEOUT: 'soon' },
        '--retries=10',
        '--nonsense',
        '--osie-url',
      ),
    ).to.have.members([
      'SMEE_DHCP_MODE="x": must be one of reservation, proxy',
      'SMEE_TFTP_TIMEOUT="soon": must be a duration such as 5s, 1m30s or 250ms',
      '--retries="10": must be a whole number from 0 to 9',
      '--nonsense: no such flag; --help lists them',
      '--osie-url: needs a value (URL)',
    ]);
  });

  it('never repeats a secret', () => {
    const problems = [
      ...problemsOf({}, '--extra-kernel-args', 'registry_username=u', 'registry_password=hunter2'),
      ...problemsOf({}, '--extra-kernel-arg=registry_password=hunter2'),
      ...problemsOf({}, '--Extra=hunter2'),
      ...problemsOf({ SMEE_SECRET_PORTS: '1,hunter2' }),
    ];
    expect(problems).to.deep.equal([
      'argument 3: is not a flag; --help lists them',
      '--extra-kernel-arg: no such flag; --help lists them',
      'argument 1: is not a flag; --help lists them',
      'SMEE_SECRET_PORTS: element 2 must be a whole number from 0 to 65535',
    ]);
  });

  it('reads several tables from one source, a shared setting in each and its problem once', () => {
    const other = { retries: table.retries, bind: setting('bind', hostPort, ':1', 'Where.') };
    const values = readTables({ one: table, two: other }, { env: {}, args: ['-retries=2', '-bind=:9'] });
    expect(values.one.retries).to.equal(2);
    expect(values.two).to.deep.equal({ retries: 2, bind: { host: '0.0.0.0', port: 9 } });
    expect(() => readTables({ one: table, two: other }, { env: { SMEE_RETRIES: 'x' }, args: [] }))
      .to.throw(ConfigError)
      .with.property('problems')
      .with.length(1);
  });

  it('names every setting, its variable, kind, default and meaning in the help', () => {
    const help = helpText('smee', table);
    expect(help).to.include('--dhcp-mode <reservation|proxy>  SMEE_DHCP_MODE');
    expect(help).to.include('How to answer. (default reservation)');
  });

  const kinds: readonly [Kind<unknown>, readonly [string, unknown][], readonly string[]][] = [
    [
      bool,
      [
        ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((one): [string, unknown] => [one, true]),
        ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((one): [string, unknown] => [one, false]),
      ],
      ['yes', 'no', 'tRUE', '2', ''],
    ],
    [
      duration,
      [
        ['5s', 5000],
        ['1m30s', 90_000],
        ['250ms', 250],
        ['1.5h', 5_400_000],
        ['10', 10_000],
        ['0.5', 500],
        ['0', 0],
        ['500us', 0.5],
        ['1h2m3s4ms', 3_723_004],
      ],
      ['', '-1s', '5 s', '5x', 's', '1e3', '25000h', '5s!'],
    ],
    [
      integer(1, 10),
      [
        ['1', 1],
        ['10', 10],
      ],
      ['0', '11', '1.0', '-1', '1e1', ' 1', ''],
    ],
    [
      port,
      [
        ['0', 0],
        ['65535', 65_535],
      ],
      ['65536', '-1'],
    ],
    [
      ip4,
      [
        ['10.0.0.1', parseIp4('10.0.0.1')],
        ['0.0.0.0', 0],
      ],
      ['10.0.0', '10.0.0.256', '::1', 'host', '010.0.0.1'],
    ],
    [
      hostPort,
      [
        ['127.0.0.1:50051', { host: '127.0.0.1', port: 50_051 }],
        ['hardware:1', { host: 'hardware', port: 1 }],
        ['[::1]:1', { host: '::1', port: 1 }],
        [':9101', { host: '0.0.0.0', port: 9101 }],
      ],
      ['127.0.0.1', '127.0.0.1:', '::1:1', 'a b:1', 'a:65536', 'http://a:1'],
    ],
    [
      list(integer(0, 9)),
      [
        ['1, 2,,3', [1, 2, 3]],
        [',', []],
      ],
      ['1,x', '1;2'],
    ],
  ];
  for (const [kind, good, bad] of kinds) {
    describe(`kind ${kind.name}`, () => {
      for (const [written, value] of good) {
        it(`reads ${JSON.stringify(written)}`, () => expect(kind.parse(written)).to.deep.equal(value));
      }
      for (const written of bad) {
        it(`refuses ${JSON.stringify(written)}`, () => expect(kind.parse(written)).to.be.instanceOf(Wrong));
      }
    });
  }

  it('takes http and https URLs only', () => {
    expect(httpUrl.parse('https://a/b')).to.be.instanceOf(URL).with.property('href', 'https://a/b');
    for (const wrong of ['ftp://a', 'file:///etc/passwd', 'a/b', ''])
      expect(httpUrl.parse(wrong)).to.be.instanceOf(Wrong);
  });

  for (const text of ['127.0.0.1:50051', 'hardware:50051', '[::1]:50051']) {
    it(`writes ${text} as it was read`, () => {
      const parsed = hostPort.parse(text);
      expect(parsed instanceof Wrong ? undefined : formatHostPort(parsed)).to.equal(text);
    });
  }
});
