import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { dhcpSettings } from '../../services/dhcp/config.ts';
import { hardwareSettings } from '../../services/hardware/config.ts';
import { httpSettings } from '../../services/http/config.ts';

/** The variables of a file as compose and a shell read it. */
function variablesOf(name: string): Record<string, string> {
  const lines = readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8').split('\n');
  const set = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    set.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

describe('examples/proxy-mode.env', () => {
  const env = variablesOf('proxy-mode.env');

  it('sets what dhcp and http need for the proxy modes', () => {
    expect(readSettings(dhcpSettings, { env, args: [] })).to.deep.include({
      mode: 'proxy',
      ifaces: ['eth1'],
    });
    expect(readSettings(httpSettings, { env, args: [] })).to.include({ dhcpMode: 'proxy' });
    expect(readSettings(hardwareSettings, { env, args: [] })).to.include({ noopEnabled: false });
  });

  it('is passed on to the containers', () => {
    const compose = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
    for (const name of Object.keys(env)) expect(compose).to.include(`${name}: \${${name}:-`);
    expect(compose.match(/SMEE_DHCP_MODE: /g)).to.have.length(2);
    // Once for dhcp, once for those who make scripts.
    expect(compose.match(/<<: \[\*replica, \*script, /g)).to.have.length(2);
  });
});

describe('.env.example', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const named = [...example.matchAll(/^(SMEE_\w+)=/gm)].map(([, name]) => name);

  for (const [file, ...others] of [
    ['docker-compose.yml', 'docker-compose.https.yml'],
    ['docker-compose.lan.yml'],
  ] as const) {
    it(`names what ${file} can be told${others.length > 0 ? ', and nothing else' : ''}`, () => {
      const texts = [file, ...others].map((name) =>
        readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'),
      );
      const used = new Set(
        texts.flatMap((text) => [...text.matchAll(/\$\{(SMEE_\w+)/g)].map(([, name]) => name)),
      );
      const own = [...used].filter((name) => !/^SMEE_LAN_/.test(name ?? ''));
      expect(own.filter((name) => !named.includes(name))).to.deep.equal([]);
      if (others.length > 0) expect(named.filter((name) => !used.has(name))).to.deep.equal([]);
    });
  }
});
