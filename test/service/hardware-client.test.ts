import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigError, UnavailableError } from '#shared/errors.ts';
import { HardwareCallError } from '#shared/grpc/errors.ts';
import type { ClientSettings } from '#shared/grpc/settings.ts';
import { connectHardware, type HardwareClient } from '#shared/hardware/client.ts';
import { Authority } from '../support/certificates.ts';
import { record, testHardware } from '../support/hardware-server.ts';
import { quickReplica, replicaSettingsFor } from '../support/replica.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const settingsFor = (hardwareAddr: ClientSettings['hardwareAddr'], parts: Partial<ClientSettings> = {}) => ({
  ...replicaSettingsFor(hardwareAddr, 'unused'),
  ...parts,
});

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

async function namesOf(client: HardwareClient): Promise<(string | undefined)[]> {
  const names: (string | undefined)[] = [];
  for await (const { name } of client.list()) names.push(name);
  return names;
}

describe('shared/hardware/client.ts', () => {
  it('applies, finds, lists and deletes', async () => {
    await using service = await testHardware();
    using client = connectHardware(settingsFor(service.running.address));
    expect(await client.apply(record('b', 2))).to.have.property('created', true);
    expect(await client.apply(record('a', 1))).to.have.property('created', true);
    expect(await client.apply(record('a', 1, { agentId: 'x' }))).to.have.property('created', false);
    expect(await client.get({ name: 'a' })).to.have.property('agentId', 'x');
    expect(await client.get({ mac: '52:54:00:77:00:02' })).to.have.property('name', 'b');
    expect(await client.get({ ip: '10.77.0.1' })).to.have.property('name', 'a');
    expect(await namesOf(client)).to.deep.equal(['a', 'b']);
    expect(await client.delete('a')).to.equal(true);
    expect(await namesOf(client)).to.deep.equal(['b']);
  });

  it('lists over page borders, each record once', async () => {
    await using service = await testHardware();
    using client = connectHardware(settingsFor(service.running.address));
    const names = Array.from({ length: 501 }, (_, at) => `node-${String(at).padStart(4, '0')}`);
    for (const [at, name] of names.entries()) await client.apply(record(name, at + 1));
    expect(await namesOf(client)).to.deep.equal(names);
  });

  it('gives not found as a value', async () => {
    await using service = await testHardware();
    using client = connectHardware(settingsFor(service.running.address));
    expect(await client.get({ name: 'nobody' })).to.equal(undefined);
    expect(await client.delete('nobody')).to.equal(false);
  });

  it('names what is wrong with a record, and who holds what it wants', async () => {
    await using service = await testHardware();
    using client = connectHardware(settingsFor(service.running.address));
    const invalid = await failure(client.apply({ name: 'a', interfaces: [{ dhcp: { mac: 'x' } }] }));
    expect(invalid).to.be.instanceOf(HardwareCallError).and.include({ code: 'invalid-argument' });
    expect(String(invalid)).to.include('mac');
    await client.apply(record('a', 1));
    const taken = await failure(client.apply(record('b', 1)));
    expect(taken).to.be.instanceOf(HardwareCallError).and.include({ code: 'already-exists' });
    expect(String(taken)).to.include('"a"');
    expect(await failure(client.delete('a', 999))).to.have.property('code', 'aborted');
  });

  it('says where it looked when nobody answers', async () => {
    using client = connectHardware(settingsFor({ host: '127.0.0.1', port: 1 }));
    const error = await failure(client.get({ name: 'a' }));
    expect(error).to.be.instanceOf(UnavailableError);
    expect(String(error)).to.include('127.0.0.1:1');
  });

  it('shows its token', async () => {
    await using folder = await temporaryFolder();
    const [right, wrong] = [join(folder.path, 'right'), join(folder.path, 'wrong')];
    await writeFile(right, 'correct-horse-battery-staple-0123456789\n', { mode: 0o600 });
    await writeFile(wrong, 'another-horse-battery-staple-0123456789\n', { mode: 0o600 });
    await using service = await testHardware(['--token-file', right]);
    const { address } = service.running;
    using client = connectHardware(settingsFor(address, { tokenFile: right }));
    expect(await namesOf(client)).to.deep.equal([]);
    for (const tokenFile of [wrong, undefined]) {
      using stranger = connectHardware(settingsFor(address, { tokenFile }));
      const error = await failure(namesOf(stranger));
      expect(error).to.have.property('code', 'unauthenticated');
      expect(String(error)).not.to.include('horse');
    }
  });

  it('speaks TLS with a certificate of its own, and trusts its own CA only', async () => {
    await using folder = await temporaryFolder();
    const ours = await Authority.create(folder.path, 'ours');
    const foreign = await Authority.create(folder.path, 'foreign');
    const [server, me] = [await ours.issue('server'), await ours.issue('me')];
    await using service = await testHardware([
      ...['--tls-cert', server.cert, '--tls-key', server.key, '--tls-client-ca', ours.cert],
    ]);
    const { address } = service.running;
    const identity = { tlsCert: me.cert, tlsKey: me.key };

    for (const host of ['127.0.0.1', 'localhost']) {
      using client = connectHardware(settingsFor({ ...address, host }, { tlsCa: ours.cert, ...identity }));
      expect(await namesOf(client)).to.deep.equal([]);
    }
    using anonymous = connectHardware(settingsFor(address, { tlsCa: ours.cert }));
    expect(await failure(namesOf(anonymous))).to.be.instanceOf(UnavailableError);
    using deceived = connectHardware(settingsFor(address, { tlsCa: foreign.cert, ...identity }));
    expect(await failure(namesOf(deceived))).to.be.instanceOf(UnavailableError);
  });

  it('does not take a certificate of its own CA for another address', async () => {
    await using folder = await temporaryFolder();
    const ours = await Authority.create(folder.path, 'ours');
    const server = await ours.issue('server');
    await using service = await testHardware([
      ...['--hardware-bind', '127.0.0.2:0', '--tls-cert', server.cert, '--tls-key', server.key],
    ]);
    using client = connectHardware(settingsFor(service.running.address, { tlsCa: ours.cert }));
    expect(String(await failure(namesOf(client)))).to.include('127.0.0.2 is not in the cert');
  });

  it('names every file that cannot be used, at once', async () => {
    await using folder = await temporaryFolder();
    const here = { host: '127.0.0.1', port: 1 };
    const none = join(folder.path, 'none');
    const garbage = join(folder.path, 'garbage');
    await writeFile(garbage, 'no certificate');
    const problems = (parts: Partial<ClientSettings>) => {
      try {
        connectHardware(settingsFor(here, parts))[Symbol.dispose]();
      } catch (error) {
        if (error instanceof ConfigError) return error.problems;
        throw error;
      }
      return [];
    };
    expect(problems({ tokenFile: none, tlsCa: none })).to.have.length(2);
    expect(problems({ tlsCert: garbage })).to.have.length(2);
    expect(problems({ tlsCa: garbage, tlsCert: garbage, tlsKey: garbage })).to.have.length(1);
    expect(problems({ tlsCa: garbage })).to.have.length(1);
  });
});

describe('shared/hardware/replica.ts, with the hardware service', () => {
  it('follows its changes, and serves its records after a restart without it', async () => {
    await using folder = await temporaryFolder();
    const service = await testHardware();
    const settings = replicaSettingsFor(service.running.address, folder.path);
    {
      const { replica } = await quickReplica(settings);
      await using _ = replica;
      await service.client.create(record('first', 1));
      await until('the record', () => replica.size === 1);
      await service.client.call('ApplyHardware', { hardware: record('first', 2) });
      await service.client.call('DeleteHardware', { name: 'first' });
      await service.client.create(record('second', 3));
      await until('the last change', () => replica.revision === 4);
      expect(replica.size).to.equal(1);
    }
    await service[Symbol.asyncDispose]();
    const { replica } = await quickReplica(settings);
    await using _ = replica;
    expect(replica).to.include({ ready: true, size: 1, revision: 4, connected: false });
  });

  it('starts over when another database stands behind the address', async () => {
    await using folder = await temporaryFolder();
    const first = await testHardware();
    const { port } = first.running.address;
    await first.client.create(record('old', 1));
    await first.client.create(record('older', 2));
    const { replica, said } = await quickReplica(replicaSettingsFor(first.running.address, folder.path));
    await using _ = replica;
    await until('synced', () => replica.size === 2);
    await first[Symbol.asyncDispose]();
    await using second = await testHardware(['--hardware-bind', `127.0.0.1:${port}`]);
    await second.client.create(record('new', 3));
    await until('the new database', () => replica.connected && replica.size === 1);
    expect(said('starting over')).to.have.length(1);
  });
});
