import { once } from 'node:events';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { ConfigError } from '#shared/errors.ts';
import { Authority, type Identity } from '../support/certificates.ts';
import { type RunningHttp, runHttp } from '../support/http.ts';
import { fixedMachines, machine } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const known = fixedMachines([machine()]);
const script = '/52:54:00:77:00:07/auto.ipxe';

describe('services/http over TLS', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ca: Buffer;
  let rsa: Identity;
  let ec: Identity;

  before(async () => {
    folder = await temporaryFolder();
    const authority = await Authority.create(folder.path);
    ca = await readFile(authority.cert);
    rsa = await authority.issue('rsa', 'rsa');
    ec = await authority.issue('ec', 'ec');
    await writeFile(`${folder.path}/kernel`, 'kernel');
  });
  after(() => folder[Symbol.asyncDispose]());

  const flagsOf = (...identities: readonly Identity[]) => [
    `--artifact-dir=${folder.path}`,
    `--tls-cert-file=${identities.map(({ cert }) => cert).join(',')}`,
    `--tls-key-file=${identities.map(({ key }) => key).join(',')}`,
  ];
  const secure = (...identities: readonly Identity[]) => runHttp(flagsOf(...identities), known);

  async function handshake(http: RunningHttp, options: ConnectionOptions = {}): Promise<TLSSocket> {
    const socket = connect({ port: http.securePort!, host: '127.0.0.1', ca, ...options });
    await once(socket, 'secureConnect');
    return socket;
  }

  /** The body of what is got with the CA checked. */
  async function fetchSecurely(http: RunningHttp, path: string): Promise<string> {
    const agent = new Agent({ ca });
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const url = `https://127.0.0.1:${http.securePort}${path}`;
    get(url, { agent }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => {
        body += String(chunk);
      });
      answer.once('end', () => resolve(`${answer.statusCode} ${body}`));
    }).once('error', reject);
    return promise;
  }

  for (const [kind, identity] of [
    ['RSA', () => rsa],
    ['EC', () => ec],
  ] as const) {
    it(`serves the same routes beside HTTP, with an ${kind} certificate`, async () => {
      await using http = await secure(identity());
      expect(await fetchSecurely(http, '/artifacts/kernel')).to.equal('200 kernel');
      expect(await (await fetch(`${http.url}/artifacts/kernel`)).text()).to.equal('kernel');
      expect(await fetchSecurely(http, '/nothing')).to.match(/^404 not-found: /);
    });
  }

  it('names itself by https in a script that was asked for by https, and by http in the other', async () => {
    await using http = await secure(rsa);
    expect(await fetchSecurely(http, script)).to.include(
      `set download-url https://127.0.0.1:${http.securePort}/artifacts\n`,
    );
    expect(await (await fetch(`${http.url}${script}`)).text()).to.include(
      `set download-url ${http.url}/artifacts\n`,
    );
  });

  it('believes a trusted proxy, and nobody else, that it was asked by https', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '10.0.0.9' };
    for (const [flags, scheme] of [
      [['--trusted-proxies=127.0.0.1'], 'https'],
      [[], 'http'],
    ] as const) {
      await using http = await runHttp(flags, known);
      const text = await (await fetch(`${http.url}${script}`, { headers })).text();
      expect(text).to.include(`set download-url ${scheme}://127.0.0.1:${http.port}/artifacts\n`);
    }
  });

  it('shows each client the certificate that it understands, when it has both', async () => {
    await using http = await secure(ec, rsa);
    for (const [sigalgs, key] of [
      ['RSA+SHA256:rsa_pss_rsae_sha256', 'rsa'],
      ['ECDSA+SHA256', 'ec'],
    ] as const) {
      const socket = await handshake(http, { sigalgs, maxVersion: 'TLSv1.2' });
      expect(socket.getPeerX509Certificate()?.publicKey.asymmetricKeyType).to.equal(key);
      socket.destroy();
    }
  });

  it('speaks the RSA key exchange of TLS 1.2, all that older builds of iPXE know', async () => {
    await using http = await secure(rsa);
    const socket = await handshake(http, { ciphers: 'AES128-SHA256', maxVersion: 'TLSv1.2' });
    expect(socket.getCipher().name).to.equal('AES128-SHA256');
    socket.destroy();
  });

  it('warns that iPXE needs RSA when there is only EC', async () => {
    const warned = ({ log }: RunningHttp) =>
      log.some(({ msg }) => String(msg).startsWith('iPXE speaks HTTPS'));
    await using only = await secure(ec);
    expect(warned(only)).to.equal(true);
    await using both = await secure(ec, rsa);
    expect(warned(both)).to.equal(false);
  });

  it('says and counts that a handshake failed, and goes on', async () => {
    await using http = await secure(rsa);
    const plain = connectPlain(http.securePort!, '127.0.0.1').on('error', () => {});
    plain.end('GET / HTTP/1.1\r\nHost: b\r\n\r\n').resume();
    await once(plain, 'close');
    await until('a line about it', () => http.log.some(({ why }) => why === 'tls-failed'));
    expect(await http.metrics.metrics()).to.include('smee_http_malformed_total{why="tls-failed"} 1');
    expect(await fetchSecurely(http, '/artifacts/kernel')).to.equal('200 kernel');
  });

  it('limits the connections of a client over both kinds together', async () => {
    await using http = await runHttp([...flagsOf(rsa), '--http-max-connections-per-client=1'], known);
    const held = await handshake(http);
    const second = connect({ port: http.securePort!, host: '127.0.0.1', ca }).on('error', () => {});
    await new Promise((resolve) => second.once('close', resolve));
    expect(await fetch(`${http.url}/healthz`).then(({ status }) => status)).to.equal(503);
    expect(http.log.filter(({ why }) => why === 'too-many-connections')).to.have.length(2);
    held.destroy();
  });

  it('finishes a transfer over TLS when it stops, and waits for nobody who has asked nothing', async () => {
    await using big = await temporaryFolder();
    const size = 32 * 1024 * 1024;
    await writeFile(`${big.path}/big`, '');
    await truncate(`${big.path}/big`, size);
    const http = await runHttp([...flagsOf(rsa), `--artifact-dir=${big.path}`], known);
    const silent = await handshake(http);
    silent.on('error', () => {}).resume();
    const socket = await handshake(http);
    socket.write('GET /artifacts/big HTTP/1.1\r\nHost: b\r\n\r\n');
    let received = 0;
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    await once(socket, 'data');
    socket.pause();
    const stopped = http[Symbol.asyncDispose]();
    await once(silent, 'close');
    socket.resume();
    await once(socket, 'close');
    await stopped;
    expect(received).to.be.greaterThan(size);
  });

  it('names what is wrong with certificates and keys, and does not start', async () => {
    const refusal = async (...flags: readonly string[]) =>
      await runHttp(flags, known).then(
        async (http) => await http[Symbol.asyncDispose](),
        (error: unknown) => error,
      );
    const rows: [flags: string[], problem: RegExp][] = [
      [[`--tls-cert-file=${rsa.cert}`], /names 1 files and --tls-key-file 0/],
      [[`--tls-cert-file=/none`, `--tls-key-file=${rsa.key}`], /--tls-cert-file="\/none": ENOENT/],
      [[`--tls-cert-file=${rsa.cert}`, `--tls-key-file=${ec.key}`], /rsa\.pem" with .*ec\.key": .+/],
      [[`--tls-cert-file=${rsa.key}`, `--tls-key-file=${rsa.key}`], /rsa\.key" with .+: .+/],
    ];
    for (const [flags, problem] of rows) {
      const error = await refusal(...flags);
      expect(error, flags.join(' ')).to.be.an.instanceOf(ConfigError);
      expect(String(error)).to.match(problem).and.not.include('PRIVATE KEY');
    }
  });

  it('says which port of HTTPS is taken', async () => {
    await using http = await secure(rsa);
    const error = await runHttp([...flagsOf(rsa), `--https-bind-port=${http.securePort}`], known).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(String(error)).to.include(`HTTPS on 127.0.0.1:${http.securePort}: is taken`);
  });
});
