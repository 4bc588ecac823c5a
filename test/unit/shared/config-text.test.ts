import { expect } from 'chai';
import fc from 'fast-check';
import { httpUrl, list, port, readSettings, setting, text, Wrong } from '#shared/config.ts';
import { parseSettings, settingsText } from '#shared/config-text.ts';
import { ConfigError } from '#shared/errors.ts';
import { tables } from '../../support/tables.ts';

/** Every kind takes some of these. */
const written = fc.oneof(
  fc.constantFrom(
    ...['1', 'T', 'false', '0', '9', '131', '65535', '0.0.0.0', '10.0.0.1, 10.0.0.2', '::1,10.0.0.0/8'],
    ...['5s', '1m30s', '250ms', '0.1', '1.5us', '3ns', '0.3ns', '24h0.001s'],
    ...[':0', 'hardware:50051', '[::1]:50051', '127.0.0.1:67', '0.0.0.0:4011', 'node07.rack-1.example'],
    ...['http://h', 'https://h:8443/a%20b/', 'HTTP://H:80', 'http://u:p@h/?t=1', 'http://h/#here'],
    ...['reservation', 'auto-proxy', 'proxy', 'auto', 'dash', 'https', 'file', 'sqlite', 'debug', ''],
    ...['7=snponly.efi, 27=riscv64.efi', '', 'eth0,eth1', '/auto.ipxe', 'tftp', '//a//b/', '/x.pem , y.pem'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is iPXE that expands it.
    ...['${next-server}', 'a b c', 'quiet', 'MAGIC', 'x'.repeat(1000)],
  ),
  fc.string(),
  fc.double({ min: 0, max: 1e6, noNaN: true }).map((seconds) => `${seconds.toFixed(9)}s`),
  fc.nat().map(String),
);

/** All URLs look alike to a deep comparison. */
const comparable = (value: unknown) => (value instanceof URL ? value.href : value);

describe('shared/config-text.ts', () => {
  for (const [service, table] of Object.entries(tables)) {
    it(`reads from what is printed the same value, for every setting of ${service}`, () => {
      const settings = fc.constantFrom(...Object.values(table));
      fc.assert(
        fc.property(settings, written, ({ kind }, one) => {
          const value = kind.parse(one);
          if (value instanceof Wrong || value === undefined || value === null) return;
          expect(comparable(kind.parse(kind.print(value)))).to.deep.equal(comparable(value));
        }),
        { numRuns: 3000 },
      );
    });

    it(`carries the defaults of ${service} over`, () => {
      const values = readSettings(table, { env: {}, args: [] });
      const { texts, withheld } = settingsText(table, values);
      expect(parseSettings(table, texts)).to.deep.equal(values);
      expect(withheld).to.deep.equal([]);
    });
  }

  const table = {
    url: setting('osie-url', httpUrl, undefined, ''),
    args: setting('extra-kernel-args', text, undefined, '', { secret: true }),
    ports: setting('ports', list(port), '1,2', ''),
    name: setting('name', text, 'somebody', ''),
  };
  const read = (...args: string[]) => readSettings(table, { env: {}, args });

  it('leaves out what is secret, and names it', () => {
    const values = read('--extra-kernel-args=registry_password=hunter2', '--osie-url=http://h/a');
    const told = settingsText(table, values);
    expect(told).to.deep.equal({
      texts: { 'osie-url': 'http://h/a', ports: '1,2', name: 'somebody' },
      withheld: ['extra-kernel-args'],
    });
    expect(parseSettings(table, told.texts)).to.deep.equal({ ...values, args: undefined });
  });

  for (const url of [
    'http://u:hunter2@h/',
    'http://hunter2@h/',
    'http://h/?token=hunter2',
    'http://h/#hunter2',
  ]) {
    it(`leaves out ${url}, which may hold a secret`, () => {
      const { texts, withheld } = settingsText(table, read(`--osie-url=${url}`));
      expect(texts).to.not.have.property('osie-url');
      expect(withheld).to.deep.equal(['osie-url']);
    });
  }

  it('takes an empty text for a value, not for none', () => {
    const values = { ...read(), ports: [], name: '' };
    expect(parseSettings(table, settingsText(table, values).texts)).to.deep.equal(values);
  });

  it('passes over flags of a newer service, and has defaults for those of an older one', () => {
    expect(parseSettings(table, { 'not-yet-known': 'x' })).to.deep.equal(read());
  });

  it('reports every text that does not fit, and repeats none', () => {
    const parse = () => parseSettings(table, { 'osie-url': 'hunter2', ports: 'hunter2' });
    expect(parse)
      .to.throw(ConfigError, /osie-url.*\n.*ports/)
      .and.not.match(/hunter2/);
  });
});
