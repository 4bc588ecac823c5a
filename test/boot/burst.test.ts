import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { makeLoaders, smee, startUp } from '../support/cli.ts';
import { dhcpPeer, message } from '../support/dhcp-peer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const burster = fileURLToPath(new URL('../support/burst-process.ts', import.meta.url));
const address = '192.168.77.107';
const record = {
  apiVersion: 'tinkerbell.org/v1alpha1',
  kind: 'Hardware',
  metadata: { name: 'node' },
  spec: { interfaces: [{ dhcp: { mac: '52:54:00:77:00:07', ip: { address, netmask: '255.255.255.0' } } }] },
};

/** How long the burst lasts, and how long DHCP may take meanwhile, in milliseconds. */
const lasts = 3000;
const mayTake = 500;

describe('a burst of TFTP, HTTP and syslog, all services in one process', function () {
  this.timeout(60_000);

  it('does not delay DHCP by half a second', async () => {
    await using folder = await temporaryFolder();
    const artifacts = join(folder.path, 'artifacts');
    await mkdir(artifacts);
    await writeFile(join(artifacts, 'image'), Buffer.alloc(8 * 1024 * 1024, 'image '));
    const flags = [`--ipxe-dir=${await makeLoaders(folder.path)}`, `--artifact-dir=${artifacts}`];
    await using up = await startUp(folder.path, flags);
    const input = JSON.stringify(record);
    expect((await smee(['hardware', 'apply', '-f', '-'], { cwd: folder.path, input })).code).to.equal(0);

    const { dhcp, tftp, http, syslog } = up.file;
    using peer = await dhcpPeer(dhcp[0]!);
    const ports = [tftp, http, syslog].map(([first]) => String(first!.port));
    const burst = spawn(process.execPath, [burster, ...ports, String(lasts)], { stdio: 'pipe' });
    const ended = once(burst, 'close');
    let said = '';
    burst.stdout.on('data', (text) => {
      said += String(text);
    });
    burst.stderr.on('data', (text) => {
      said += String(text);
    });
    await until('the burst begins', () => said.startsWith('bursting'));

    const took: number[] = [];
    for (const end = performance.now() + lasts; performance.now() < end; ) {
      const asked = performance.now();
      const { message: offer } = await peer.ask(message({ xid: took.length + 1 }));
      took.push(performance.now() - asked);
      expect(offer.yiaddr).to.equal(address);
    }
    expect(Math.max(...took)).to.be.below(mayTake);

    expect((await ended)[0], said).to.equal(0);
    const done = JSON.parse(said.split('\n')[1]!) as Record<string, number>;
    expect(done.transfers, said).to.be.above(10);
    expect(done.downloads, said).to.be.above(10);
    expect(done.messages, said).to.be.above(10_000);
  });
});
