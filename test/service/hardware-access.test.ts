import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentials, Metadata, status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { service as health } from 'grpc-health-check';
import { ConfigError } from '#shared/errors.ts';
import { HardwareService } from '#shared/hardware/contract.ts';
import { Authority, readIdentity } from '../support/certificates.ts';
import { record, TestClient, testHardware } from '../support/hardware-server.ts';
import { ReflectionClient } from '../support/reflection.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const token = 'correct-horse-battery-staple';
const everywhere = ['--hardware-bind', '0.0.0.0:0'];

/** The problems with which a start is refused. */
async function problemsOf(args: readonly string[]): Promise<readonly string[]> {
  const failed: unknown = await testHardware(args).then(
    async (service) => await service[Symbol.asyncDispose](),
    (error: unknown) => error,
  );
  expect(failed).to.be.instanceOf(ConfigError);
  return (failed as ConfigError).problems;
}

async function tokenFile(folder: string, content: string, mode = 0o600): Promise<string> {
  const path = join(folder, 'token');
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

describe('services/hardware/access.ts', () => {
  it('does not listen beyond loopback unasked', async () => {
    for (const host of ['0.0.0.0', '[::]', 'localhost', '192.168.77.1']) {
      const [problem, ...others] = await problemsOf(['--hardware-bind', `${host}:0`]);
      expect(problem, host).to.contain('SMEE_HARDWARE_INSECURE').and.to.contain('SMEE_TOKEN_FILE');
      expect(others).to.deep.equal([]);
    }
  });

  it('listens beyond loopback when the operator insists', async () => {
    await using service = await testHardware([...everywhere, '--hardware-insecure']);
    expect(await service.client.create(record('a', 1))).to.include({ revision: 1 });
  });

  it('lists everything that is wrong at once', async () => {
    const problems = await problemsOf([
      ...everywhere,
      ...['--tls-cert', '/nowhere/cert.pem', '--token-file', '/nowhere/token'],
    ]);
    expect(problems).to.have.length(3);
    expect(problems.join('\n')).to.match(
      /SMEE_TLS_CERT: cannot read.*\n.*SMEE_TOKEN_FILE: cannot read.*\n.*SMEE_TLS_KEY/,
    );
  });

  it('asks every rpc for the token, reflection too, and lets health checks pass', async () => {
    await using folder = await temporaryFolder();
    const path = await tokenFile(folder.path, `${token}\n`);
    await using service = await testHardware([...everywhere, '--token-file', path]);
    const { port } = service.running.address;
    for (const wrong of [undefined, 'wrong', `${token}x`, token.slice(0, -1)]) {
      using client = new TestClient(port, wrong === undefined ? {} : { token: wrong });
      for (const rpc of Object.keys(HardwareService.service)) {
        const code =
          rpc === 'WatchHardware'
            ? (await client.watch().ended).code
            : (await client.refusal(rpc as Parameters<TestClient['refusal']>[0], {})).code;
        expect(code, `${rpc} with ${wrong}`).to.equal(status.UNAUTHENTICATED);
      }
    }
    for (const version of ['v1', 'v1alpha'] as const) {
      using reflection = new ReflectionClient(port, version);
      const refused = await reflection.services().catch(({ code }: { code: number }) => code);
      expect(refused, version).to.equal(status.UNAUTHENTICATED);
    }
    using known = new TestClient(port, { token });
    expect(await known.create(record('a', 1))).to.include({ revision: 1 });
    await known.watch().synced();
    const check = Object.values(health).find(({ path: at }) => at.endsWith('/Check'))!;
    await new Promise<void>((resolve, reject) => {
      known.raw.makeUnaryRequest(
        check.path,
        check.requestSerialize,
        check.responseDeserialize,
        {},
        new Metadata(),
        (error) => (error === null ? resolve() : reject(error)),
      );
    });
    expect(JSON.stringify(service.logLines)).to.not.contain(token);
  });

  it('asks for the token on loopback, too, once there is one', async () => {
    await using folder = await temporaryFolder();
    await using service = await testHardware(['--token-file', await tokenFile(folder.path, token)]);
    expect((await service.client.refusal('ListHardware', {})).code).to.equal(status.UNAUTHENTICATED);
  });

  const badTokens = [
    { of: 'an empty token', content: '\n', says: /at least 16/ },
    { of: 'a short token', content: 'secret', says: /at least 16/ },
    { of: 'two lines', content: `${token}\n${token}`, says: /one line/ },
    { of: 'a token that everybody may read', content: token, mode: 0o644, says: /chmod 600/ },
  ];
  for (const { of, content, mode, says } of badTokens) {
    it(`refuses ${of}`, async () => {
      await using folder = await temporaryFolder();
      const [problem, ...others] = await problemsOf([
        '--token-file',
        await tokenFile(folder.path, content, mode),
      ]);
      expect(problem)
        .to.match(says)
        .and.to.not.contain(content.trim() || '\0');
      expect(others).to.deep.equal([]);
    });
  }

  it('lets only clients of its CA in, and names them in the log', async () => {
    await using folder = await temporaryFolder();
    const ours = await Authority.create(folder.path);
    const theirs = await Authority.create(folder.path, 'another-ca');
    const { cert, key } = await ours.issue('server');
    const tls = ['--tls-cert', cert, '--tls-key', key, '--tls-client-ca', ours.cert];
    await using service = await testHardware([...everywhere, ...tls]);
    const { port } = service.running.address;
    const root = await readFile(ours.cert);
    const client = async (authority: Authority, name: string) => {
      const identity = await readIdentity(await authority.issue(name));
      return new TestClient(port, { secure: credentials.createSsl(root, identity.key, identity.cert) });
    };
    using known = await client(ours, 'operator');
    expect(await known.create(record('a', 1))).to.include({ revision: 1 });
    expect(service.logLines.find(({ name }) => name === 'a')).to.include({ cn: 'operator' });
    using stranger = await client(theirs, 'stranger');
    using nobody = new TestClient(port, { secure: credentials.createSsl(root) });
    for (const refused of [stranger, nobody, service.client])
      expect((await refused.refusal('ListHardware', {})).code).to.equal(status.UNAVAILABLE);
  });

  it('takes TLS without a client CA for privacy, not for permission', async () => {
    await using folder = await temporaryFolder();
    const authority = await Authority.create(folder.path);
    const { cert, key } = await authority.issue('server');
    const [problem] = await problemsOf([...everywhere, '--tls-cert', cert, '--tls-key', key]);
    expect(problem).to.contain('SMEE_TLS_CLIENT_CA');
    await using service = await testHardware(['--tls-cert', cert, '--tls-key', key]);
    using client = new TestClient(service.running.address.port, {
      secure: credentials.createSsl(await readFile(authority.cert)),
    });
    expect(await client.create(record('a', 1))).to.include({ revision: 1 });
  });

  it('says when a certificate and a key do not belong together', async () => {
    await using folder = await temporaryFolder();
    const authority = await Authority.create(folder.path);
    const [one, other] = [await authority.issue('one'), await authority.issue('other')];
    const problems = await problemsOf(['--tls-cert', one.cert, '--tls-key', other.key]);
    expect(problems.join()).to.contain('SMEE_TLS_CERT');
  });
});
