import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { makeLoaders, smee, startUp } from '../support/cli.ts';
import { need } from '../support/clients.ts';
import { freePort } from '../support/free-port.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the metrics of every service', () => {
  it('promtool finds nothing wrong with any service', async function () {
    this.timeout(60_000);
    const promtool = need(this, 'promtool', '.ci/install unpacks it from the Debian package prometheus');
    await using folder = await temporaryFolder();
    const loaders = await makeLoaders(folder.path);
    const collector = `--otel-endpoint=127.0.0.1:${await freePort()}`;
    await using up = await startUp(folder.path, [`--ipxe-dir=${loaders}`, collector]);
    const { code, stdout, stderr } = await smee(['simulate'], { cwd: folder.path });
    expect(code, stdout + stderr).to.equal(0);

    const addresses = { ...up.file.ops, http: up.file.http[0]! };
    expect(Object.keys(addresses)).to.have.members(['hardware', 'dhcp', 'tftp', 'http', 'syslog']);
    for (const [service, { host, port }] of Object.entries(addresses)) {
      const text = await (await fetch(`http://${host}:${port}/metrics`)).text();
      expect(text).to.contain(`service="${service}"`);
      expect(await check(promtool, text), service).to.deep.equal({ code: 0, said: '' });
    }
  });
});

async function check(promtool: string, text: string): Promise<{ code: unknown; said: string }> {
  const child = spawn(promtool, ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  child.stdin.end(text);
  const [code] = await once(child, 'close');
  return { code, said };
}
