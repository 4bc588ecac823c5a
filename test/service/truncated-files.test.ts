import { randomBytes } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parseIp4 } from '#shared/ip4.ts';
import { type RunningHttp, rawHttp, runHttp } from '../support/http.ts';
import { fixedMachines, machine } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const here = machine({ dhcp: { address: parseIp4('127.0.0.1')! } });
const initrd = gzipSync(randomBytes(300_000));
const file = '/artifacts/initrd.gz';

const get = (http: RunningHttp, path = file, method = 'GET') =>
  rawHttp(http.port, [`${method} ${path} HTTP/1.1`, 'Host: boot', 'Connection: close', '', ''].join('\r\n'));
const truncated = (http: RunningHttp) => http.reporter.events.filter(({ why }) => why === 'file-truncated');
const warnings = (http: RunningHttp) => http.log.filter((line) => line.why === 'file-truncated');

async function serving(bytes: Buffer) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const place = async (content: Buffer) => {
    await writeFile(`${folder.path}/new`, content);
    await rename(`${folder.path}/new`, `${folder.path}/initrd.gz`);
  };
  await place(bytes);
  const http = stack.use(await runHttp([`--artifact-dir=${folder.path}`], fixedMachines([here])));
  const all = stack.move();
  return { http, place, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

describe('an artifact that was not copied whole', () => {
  it('is served as it is, and told to be cut: in the log once, of each machine that fetches it', async () => {
    await using served = await serving(initrd.subarray(0, 200_000));
    const { http } = served;
    const answers = await Promise.all([get(http), get(http)]);
    for (const { status, body } of answers) {
      expect(status).to.equal(200);
      expect(body.length).to.equal(200_000);
    }
    await until('both are told of', () => truncated(http).length === 2);
    await get(http);
    await until('the third, too', () => truncated(http).length === 3);

    expect(truncated(http)[0]).to.deep.include({
      mac: '52:54:00:77:00:07',
      name: 'rack1-node07',
      address: '127.0.0.1',
      stage: 'http',
      outcome: 'no',
      said: 'artifact',
    });
    expect(truncated(http)[0]!.details.file).to.equal(file);
    // The answers themselves were given.
    expect(http.reporter.events.filter(({ why }) => why === 'ok')).to.have.length(3);
    expect(warnings(http)).to.have.length(1);
    expect(warnings(http)[0]).to.include({ level: 40, file: 'initrd.gz' });
  });

  it('is forgotten when it was copied again', async () => {
    await using served = await serving(initrd.subarray(0, 200_000));
    const { http, place } = served;
    await get(http);
    await until('it is told of', () => truncated(http).length === 1);
    await place(initrd);
    await get(http);
    await place(initrd.subarray(0, 100_000));
    await get(http);
    await until('the new one is told of', () => truncated(http).length === 2);
    expect(warnings(http)).to.have.length(2);
    expect(http.reporter.events.filter(({ why }) => why === 'ok').at(1)!.details.bytes).to.equal(
      initrd.length,
    );
  });

  it('is looked at only when it was given: not for its size, not when it was not there', async () => {
    await using served = await serving(initrd.subarray(0, 200_000));
    const { http } = served;
    await get(http, file, 'HEAD');
    await get(http, '/artifacts/nothing');
    await until('both answers are told', () => http.reporter.events.length === 2);
    expect(truncated(http)).to.deep.equal([]);
    expect(warnings(http)).to.deep.equal([]);
  });

  it('does not keep the service from stopping', async () => {
    const served = await serving(gzipSync(Buffer.alloc(200_000_000), { level: 1 }).subarray(0, -10));
    await get(served.http);
    const stopped = performance.now();
    await served[Symbol.asyncDispose]();
    expect(performance.now() - stopped).to.be.lessThan(2000);
  });
});
