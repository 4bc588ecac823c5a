import { mkdir, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parseIp4 } from '#shared/ip4.ts';
import { type RunningHttp, rawHttp, runHttp } from '../support/http.ts';
import { fixedMachines, machine } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const config = 'default linux\nlabel linux\n  kernel vmlinuz\n';
const kernel = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
const known = fixedMachines([
  machine({
    dhcp: { address: parseIp4('127.0.0.1') },
    netboot: {
      pxelinuxConfig: config,
      rpi: { serialNum: '9ffefdef', firmwarePath: 'rpi4', configTxt: 'arm_64bit=1\n' },
    },
  }),
]);

async function withAssets(
  flags: readonly string[],
  use: (http: RunningHttp, assets: string) => Promise<void>,
) {
  await using folder = await temporaryFolder();
  const assets = `${folder.path}/assets`;
  await mkdir(`${folder.path}/ipxe`);
  await mkdir(assets);
  await writeFile(`${folder.path}/ipxe/ipxe.efi`, 'loader');
  await writeFile(`${assets}/vmlinuz`, kernel);
  const folders = [`--ipxe-dir=${folder.path}/ipxe`, `--tftp-asset-dir=${assets}`];
  await using http = await runHttp([...folders, ...flags], known);
  await use(http, assets);
}

const request = (port: number, path: string, method = 'GET', headers: readonly string[] = []) =>
  rawHttp(port, [`${method} ${path} HTTP/1.1`, 'Connection: close', ...headers, '', ''].join('\r\n'));

describe('services/http, what it shares with TFTP', () => {
  it('gives U-Boot by wget what TFTP gives it', () =>
    withAssets(['--pxe-http-enabled'], async ({ port, line }) => {
      const answers: Record<string, string> = {
        '/tftp/pxelinux.cfg/01-52-54-00-77-00-07': config,
        '/tftp/vmlinuz': kernel.toString('latin1'),
        '/tftp/52-54-00-77-00-07/ipxe.efi': 'loader',
        '/tftp/9ffefdef/config.txt': 'arm_64bit=1\n',
      };
      for (const [path, body] of Object.entries(answers)) {
        const answer = await request(port, path);
        expect(answer.status, path).to.equal(200);
        expect(answer.headers['content-length'], path).to.equal(String(body.length));
        expect(answer.body.toString('latin1'), path).to.equal(body);
        expect(await line(path)).to.include({ said: 'asset', why: 'ok', mac: '52:54:00:77:00:07' });
      }
      const script = await request(port, '/tftp/autoexec.ipxe', 'GET', ['Host: boot:8080']);
      expect(String(script.body)).to.include('\ndhcp || exit 1\n');
    }));

  it('serves ranges, sizes and conditions', () =>
    withAssets(['--pxe-http-enabled'], async ({ port }) => {
      const part = await request(port, '/tftp/vmlinuz', 'GET', ['Range: bytes=500-599']);
      expect(part.status).to.equal(206);
      expect(part.headers['content-range']).to.equal('bytes 500-599/100000');
      expect(part.body.equals(kernel.subarray(500, 600))).to.equal(true);
      const head = await request(port, '/tftp/pxelinux.cfg/01-52-54-00-77-00-07', 'HEAD');
      expect(head.headers['content-length']).to.equal(String(config.length));
      expect(head.headers['cache-control']).to.equal('no-store');
      expect(head.body.length).to.equal(0);
      const { etag = '' } = (await request(port, '/tftp/vmlinuz', 'HEAD')).headers;
      expect((await request(port, '/tftp/vmlinuz', 'GET', [`If-None-Match: ${etag}`])).status).to.equal(304);
    }));

  it('says why not: 403 to a way out, 404 to what is not there', () =>
    withAssets(['--pxe-http-enabled'], async ({ port }) => {
      const rows: [string, number, string][] = [
        ['/tftp/..%2fipxe/ipxe.txt', 403, 'outside-root'],
        ['/tftp/nothing', 404, 'not-found'],
        ['/tftp/', 404, 'not-found'],
        ['/tftp/pxelinux.cfg/01-52-54-00-77-00-99', 404, 'unknown-machine'],
      ];
      for (const [path, status, why] of rows) {
        const answer = await request(port, path);
        expect([answer.status, answer.headers['x-smee-reason']], path).to.deep.equal([status, why]);
      }
    }));

  it('is off until it is switched on', () =>
    withAssets([], async ({ port }) => {
      expect((await request(port, '/tftp/vmlinuz')).status).to.equal(404);
    }));

  it('serves below another prefix', () =>
    withAssets(['--pxe-http-enabled', '--pxe-http-path-prefix=boot//pxe'], async ({ port }) => {
      expect((await request(port, '/boot/pxe/vmlinuz')).status).to.equal(200);
      expect((await request(port, '/tftp/vmlinuz')).status).to.equal(404);
    }));

  it('gives no loaders and scripts where these are off', () => {
    const off = ['--http-ipxe-binary-enabled=false', '--http-ipxe-script-enabled=false'];
    return withAssets(['--pxe-http-enabled', ...off], async ({ port }) => {
      for (const path of ['/tftp/ipxe.efi', '/tftp/auto.ipxe']) {
        expect((await request(port, path)).status, path).to.equal(404);
      }
      expect((await request(port, '/tftp/vmlinuz')).status).to.equal(200);
    });
  });
});
