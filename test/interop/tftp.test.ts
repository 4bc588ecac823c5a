import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { tftpRead } from '../../cli/simulate/tftp.ts';
import { need } from '../support/clients.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { tftpService } from '../support/tftp-service.ts';

const run = promisify(execFile);
const kernel = randomBytes(300_001);
const text = Buffer.from('label linux\r\n  kernel vmlinuz\n\r');

describe('tftp and its real clients', () => {
  for (const blksize of [8, 512, 1468, 65_464]) {
    it(`curl fetches with blksize ${blksize}`, async function () {
      const curl = need(this, 'curl', 'curl');
      await using folder = await temporaryFolder();
      await using service = await tftpService({ files: { kernel } });
      const url = `tftp://127.0.0.1:${service.server.port}/kernel`;
      const to = `${folder.path}/kernel`;
      await run(curl, ['-sS', '-m', '15', '--tftp-blksize', String(blksize), '-o', to, url]);
      expect(await readFile(to)).to.deep.equal(kernel);
      expect(await service.lineAbout('kernel')).to.include({ why: 'ok', blksize, bytes: kernel.length });
    });
  }

  it('curl fetches without options', async function () {
    const curl = need(this, 'curl', 'curl');
    await using service = await tftpService();
    const url = `tftp://127.0.0.1:${service.server.port}/ipxe.efi`;
    expect((await run(curl, ['-sS', '-m', '15', '--tftp-no-options', url])).stdout).to.equal('ipxe');
  });

  it('curl says that a file is not there', async function () {
    const curl = need(this, 'curl', 'curl');
    await using service = await tftpService();
    const failed = await run(curl, ['-sS', '-m', '15', `tftp://127.0.0.1:${service.server.port}/none`]).catch(
      (error: unknown) => error,
    );
    expect(failed).to.include({ code: 68 });
  });

  for (const [name, options] of [
    ['without options', []],
    ['in blocks of 1428 bytes', ['blksize 1428']],
    ['with windows of 8 blocks', ['blksize 1428', 'windowsize 8']],
    ['with size and timeout', ['tsize', 'timeout 2']],
  ] as const) {
    it(`atftp fetches ${name}`, async function () {
      const atftp = need(this, 'atftp', 'atftp');
      await using folder = await temporaryFolder();
      await using service = await tftpService({ files: { kernel } });
      const to = `${folder.path}/kernel`;
      const flags = options.flatMap((option) => ['--option', option]);
      await run(atftp, [...flags, '-g', '-r', 'kernel', '-l', to, '127.0.0.1', String(service.server.port)], {
        timeout: 15_000,
      });
      expect(await readFile(to)).to.deep.equal(kernel);
      expect(await service.lineAbout('kernel')).to.include({ why: 'ok', retransmits: 0 });
    });
  }

  for (const [name, mode, content] of [
    ['a binary', 'octet', kernel],
    ['a text in mode netascii, the same to the byte', 'netascii', text],
  ] as const) {
    it(`tftp-hpa fetches ${name}`, async function () {
      const tftp = need(this, 'tftp', 'tftp-hpa');
      await using folder = await temporaryFolder();
      await using service = await tftpService({ files: { content } });
      const to = `${folder.path}/content`;
      const { port } = service.server;
      await run(tftp, ['-m', mode, '127.0.0.1', String(port), '-c', 'get', 'content', to], {
        timeout: 15_000,
      });
      expect(await readFile(to)).to.deep.equal(content);
    });
  }

  it('tftp-hpa may not write', async function () {
    const tftp = need(this, 'tftp', 'tftp-hpa');
    await using folder = await temporaryFolder();
    await using service = await tftpService({ files: { content: text } });
    const { port } = service.server;
    const from = `${service.assets}/content`;
    const args = ['-m', 'octet', '127.0.0.1', String(port), '-c', 'put', from, 'upload'];
    const { stdout, stderr } = await run(tftp, args, { timeout: 15_000, cwd: folder.path });
    expect(stdout + stderr).to.include('write-refused');
  });

  it('the codec of npm’s tftp2 fetches, and shows the reason of a refusal', async () => {
    await using service = await tftpService({ files: { kernel } });
    const parts: Uint8Array[] = [];
    const read = (file: string) =>
      tftpRead({
        server: service.server,
        file,
        localAddress: '127.0.0.9',
        signal: AbortSignal.timeout(15_000),
        onData: (data) => parts.push(data),
      });
    await read('kernel');
    expect(Buffer.concat(parts)).to.deep.equal(kernel);
    const failed = await read('none').catch((error: unknown) => error);
    expect(String(failed)).to.include('not-found');
  });
});
