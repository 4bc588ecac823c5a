import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join, relative } from 'node:path';
import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { ConfigError } from '#shared/errors.ts';
import type { HardwareInput } from '#shared/hardware/contract.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import { quickReplica, replicaSettingsFor } from '../../../support/replica.ts';
import { hangingServer, ScriptedHardware } from '../../../support/scripted-hardware.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { until } from '../../../support/until.ts';

const macOf = (at: number) => parseMac(`5254007700${at.toString(16).padStart(2, '0')}`)!;
const ipOf = (at: number) => parseIp4(`192.168.77.${at}`)!;

/** Record node-<at>, with MAC and address of that number. */
function record(at: number, dhcp: { mac?: string; address?: string } = {}): HardwareInput & { name: string } {
  const { mac = macOf(at), address = `192.168.77.${at}` } = dhcp;
  return {
    name: `node-${at}`,
    interfaces: [{ dhcp: { mac, ip: { address, netmask: '255.255.255.0' } }, netboot: { allowPxe: true } }],
  };
}

describe('shared/hardware/replica.ts', () => {
  it('answers by MAC and by address once it is synced, and says what it is', async () => {
    await using folder = await temporaryFolder();
    await using service = await ScriptedHardware.start();
    service.put(record(7));
    const { replica, metric, said } = await quickReplica(replicaSettingsFor(service.address, folder.path));
    await using _ = replica;
    await until('ready', () => replica.ready);
    expect(replica.readiness()).to.deep.equal({ ready: true });
    expect(replica.byMac(macOf(7))?.name).to.equal('node-7');
    expect(replica.byIp(ipOf(7)).map(({ name }) => name)).to.deep.equal(['node-7']);
    expect(replica.byMac(macOf(8))).to.equal(undefined);
    expect(replica.byIp(ipOf(8))).to.deep.equal([]);
    expect(replica).to.include({ revision: 1, connected: true, size: 1 });
    expect(await metric('revision')).to.equal(1);
    expect(await metric('machines')).to.equal(1);
    expect(await metric('connected')).to.equal(1);
    expect(await metric('age_seconds')).to.equal(0);
    expect(said('synced')).to.have.length(1);
  });

  it('follows changes: a record that changes or goes takes its old keys with it', async () => {
    await using folder = await temporaryFolder();
    await using service = await ScriptedHardware.start();
    const { replica } = await quickReplica(replicaSettingsFor(service.address, folder.path));
    await using _ = replica;
    service.put(record(1));
    await until('node-1', () => replica.byMac(macOf(1)) !== undefined);
    service.put(record(1, { mac: macOf(2), address: '192.168.77.2' }));
    await until('the new MAC', () => replica.byMac(macOf(2)) !== undefined);
    expect(replica.byMac(macOf(1))).to.equal(undefined);
    expect(replica.byIp(ipOf(1))).to.deep.equal([]);
    expect(replica.byIp(ipOf(2))).to.have.length(1);
    service.remove('node-1');
    await until('gone', () => replica.size === 0);
    expect(replica.byMac(macOf(2))).to.equal(undefined);
    expect(replica.byIp(ipOf(2))).to.deep.equal([]);
  });

  it('resumes after a lost connection: misses nothing, and asks only for what it has not seen', async () => {
    await using folder = await temporaryFolder();
    await using service = await ScriptedHardware.start();
    for (let at = 1; at <= 5; at++) service.put(record(at));
    const { replica, said, metric } = await quickReplica(replicaSettingsFor(service.address, folder.path));
    await using _ = replica;
    await until('synced', () => replica.connected);
    service.breakOff();
    service.put(record(6));
    service.remove('node-1');
    service.put(record(2, { mac: macOf(20) }));
    await until('caught up', () => replica.revision === service.revision && replica.connected);
    expect(service.asked[0]).to.deep.equal({ storeId: '', revision: 0 });
    expect(service.asked[1]).to.deep.equal({ storeId: 'store-1', revision: 5 });
    expect(replica.size).to.equal(5);
    expect(replica.byMac(macOf(1))).to.equal(undefined);
    expect(replica.byMac(macOf(2))).to.equal(undefined);
    expect(replica.byMac(macOf(20))?.name).to.equal('node-2');
    expect(replica.byMac(macOf(6))?.name).to.equal('node-6');
    expect(said('resumed')).to.have.length(1);
    expect(await metric('lost_total')).to.equal(1);
  });

  it('does not apply an old change again', async () => {
    await using folder = await temporaryFolder();
    await using service = await ScriptedHardware.start();
    service.put(record(1));
    service.put(record(1, { mac: macOf(2) }));
    const { replica } = await quickReplica(replicaSettingsFor(service.address, folder.path));
    await using _ = replica;
    await until('synced', () => replica.connected);
    service.send({ storeId: 'store-1', events: [{ type: 'MODIFIED', hardware: record(1), revision: 1 }] });
    service.put(record(3));
    await until('the newer one', () => replica.revision === 3);
    expect(replica.byMac(macOf(1))).to.equal(undefined);
    expect(replica.byMac(macOf(2))?.name).to.equal('node-1');
  });

  it('keeps answering while the server is killed, and follows it when it is back, with one line for each', async () => {
    await using folder = await temporaryFolder();
    await using service = await ScriptedHardware.start();
    service.put(record(1));
    const { replica, said, metric, lines } = await quickReplica(
      replicaSettingsFor(service.address, folder.path),
    );
    await using _ = replica;
    await until('synced', () => replica.connected);
    await service.stop();
    await until('several attempts', () => said('hardware service lost').length >= 4);
    expect(replica.byMac(macOf(1))?.name).to.equal('node-1');
    expect(replica.connected).to.equal(false);
    expect(await metric('connected')).to.equal(0);
    expect(await metric('age_seconds')).to.be.greaterThan(0);
    expect(lines.filter(({ level }) => level === 'warn')).to.have.length(1);
    service.put(record(2));
    await service.start();
    await until('back', () => replica.byMac(macOf(2)) !== undefined);
    expect(said('resumed')).to.have.length(1);
  });

  for (const [what, change] of [
    ['another store answers', (service: ScriptedHardware) => (service.storeId = 'store-2')],
    ['the revision went back', (service: ScriptedHardware) => (service.revision = 1)],
    ['the history is forgotten', (service: ScriptedHardware) => (service.forgotten = 100)],
  ] as const) {
    it(`starts over when ${what}; the old records answer until the new ones are complete`, async () => {
      await using folder = await temporaryFolder();
      await using service = await ScriptedHardware.start();
      for (let at = 1; at <= 3; at++) service.put(record(at));
      const { replica, said, metric } = await quickReplica(replicaSettingsFor(service.address, folder.path));
      await using _ = replica;
      await until('synced', () => replica.connected);

      change(service);
      service.records.clear();
      service.records.set('node-9', record(9));
      service.syncs = false;
      service.breakOff();
      await until('a new snapshot', () => service.asked.at(-1)?.revision === 0 && service.asked.length > 2);
      expect(replica.byMac(macOf(2))?.name).to.equal('node-2');
      expect(replica.byMac(macOf(9))).to.equal(undefined);
      expect(replica.ready).to.equal(true);

      service.syncs = true;
      service.send({ storeId: service.storeId, events: [{ type: 'SYNCED', revision: service.revision }] });
      await until('the new content', () => replica.byMac(macOf(9)) !== undefined);
      expect(replica.byMac(macOf(2))).to.equal(undefined);
      expect(replica.byIp(ipOf(2))).to.deep.equal([]);
      expect(replica).to.include({ size: 1, revision: service.revision });
      expect(said('starting over')).to.have.length(1);
      expect(await metric('started_over_total')).to.equal(1);
    });
  }

  it('knows its snapshot by an absolute path, whatever becomes of the folder that it was started in', async () => {
    await using folder = await temporaryFolder();
    await using service = await ScriptedHardware.start();
    service.syncs = false;
    const below = relative(process.cwd(), folder.path);
    const { replica } = await quickReplica(replicaSettingsFor(service.address, below));
    await using _ = replica;
    expect(replica.readiness()).to.have.property('why').that.includes(` ${folder.path}/`);
  });

  it('begins a snapshot anew that broke off in the middle', async () => {
    await using folder = await temporaryFolder();
    await using service = await ScriptedHardware.start();
    service.put(record(1));
    service.syncs = false;
    const { replica } = await quickReplica(replicaSettingsFor(service.address, folder.path));
    await using _ = replica;
    await until('asked', () => service.asked.length === 1);
    expect(replica.readiness()).to.have.property('ready', false);
    expect(replica.readiness()).to.have.property('why').that.includes(`127.0.0.1:${service.address.port}`);
    service.syncs = true;
    service.records.clear();
    service.put(record(2));
    service.breakOff();
    await until('synced', () => replica.connected);
    expect(service.asked[1]).to.deep.equal({ storeId: '', revision: 0 });
    expect(replica.byMac(macOf(1))).to.equal(undefined);
    expect(replica.byMac(macOf(2))?.name).to.equal('node-2');
  });

  it('gives up on a server that accepts and says nothing, and tries again', async () => {
    await using folder = await temporaryFolder();
    await using server = await hangingServer();
    const { replica, said } = await quickReplica(replicaSettingsFor(server.address, folder.path), {
      answerWithinMs: 60,
    });
    await using _ = replica;
    await until('a third connection', () => server.connections() >= 3);
    expect(said('hardware service lost')[0]?.error).to.include('says nothing for 60 ms');
    expect(replica.ready).to.equal(false);
  });

  it('gives up on a snapshot that stops in the middle', async () => {
    await using folder = await temporaryFolder();
    await using service = await ScriptedHardware.start();
    service.put(record(1));
    service.syncs = false;
    const { replica } = await quickReplica(replicaSettingsFor(service.address, folder.path), {
      answerWithinMs: 60,
    });
    await using _ = replica;
    await until('another attempt', () => service.asked.length >= 2);
    service.syncs = true;
    await until('synced', () => replica.connected);
  });

  it('notices by pings that a synced server no longer answers', async () => {
    await using folder = await temporaryFolder();
    await using service = await ScriptedHardware.start();
    await using wire = await cuttableWire(service.address.port);
    const { replica, said } = await quickReplica(replicaSettingsFor(wire.address, folder.path), {
      keepaliveMs: 50,
      keepaliveTimeoutMs: 50,
    });
    await using _ = replica;
    await until('synced', () => replica.connected);
    wire.cut();
    // Not by asking whether it is connected: over a new wire it soon is again.
    await until('lost', () => said('hardware service lost').length > 0);
  });

  it('warns again when it fails in another way', async () => {
    await using folder = await temporaryFolder();
    await using service = await ScriptedHardware.start();
    const { replica, lines } = await quickReplica(replicaSettingsFor(service.address, folder.path));
    await using _ = replica;
    await until('synced', () => replica.connected);
    service.breakOff(status.RESOURCE_EXHAUSTED);
    await until('a warning', () => lines.some(({ code }) => code === 'resource-exhausted'));
    await until('back', () => replica.connected);
    await service.stop();
    await until('another', () => lines.some(({ code }) => code === 'unavailable'));
    expect(lines.filter(({ level }) => level === 'warn').map(({ code }) => code)).to.deep.equal([
      'resource-exhausted',
      'unavailable',
    ]);
  });

  it('leaves out a field that cannot be read, says so with the MAC, and serves the rest', async () => {
    await using folder = await temporaryFolder();
    await using service = await ScriptedHardware.start();
    const { replica, said, metric } = await quickReplica(replicaSettingsFor(service.address, folder.path));
    await using _ = replica;
    service.put(record(1, { address: '192.168.77.999' }));
    await until('node-1', () => replica.byMac(macOf(1)) !== undefined);
    expect(replica.byMac(macOf(1))?.dhcp.address).to.equal(undefined);
    expect(said('fields left out')[0]).to.deep.include({
      record: 'node-1',
      mac: macOf(1),
      problems: ['interfaces[0].dhcp.ip.address must be an IPv4 address'],
    });
    expect(await metric('field_problems_total')).to.equal(1);
  });

  it('is empty, ready and asks nobody where there are no records', async () => {
    const settings = replicaSettingsFor({ host: '127.0.0.1', port: 1 }, '/nonexistent');
    const { replica, text } = await quickReplica({ ...settings, noopEnabled: true });
    await using _ = replica;
    expect(replica).to.include({ ready: true, connected: true, size: 0 });
    expect(replica.readiness()).to.deep.equal({ ready: true });
    expect([replica.byMac(macOf(1)), ...replica.byIp(1)]).to.deep.equal([undefined]);
    expect(text()).to.equal('');
  });

  describe('its snapshot', () => {
    it('lets it answer after a restart without the server, and resume when that is back', async () => {
      await using folder = await temporaryFolder();
      await using service = await ScriptedHardware.start();
      service.put(record(1));
      const settings = replicaSettingsFor(service.address, join(folder.path, 'deep', 'snapshots'));
      {
        const { replica } = await quickReplica(settings);
        await using _ = replica;
        await until('synced', () => replica.connected);
        service.put({ ...record(2), name: 'odd \u2028 name' });
        await until('both', () => replica.size === 2);
      }
      await service.stop();
      const file = join(settings.snapshotDir, 'test.jsonl');
      expect((await stat(file)).mode & 0o777).to.equal(0o600);
      expect((await stat(settings.snapshotDir)).mode & 0o777).to.equal(0o700);

      const { replica, metric } = await quickReplica(settings);
      await using _ = replica;
      expect(replica).to.include({ ready: true, size: 2, revision: 2, connected: false });
      expect(replica.byMac(macOf(2))?.name).to.equal('odd \u2028 name');
      expect(replica.byIp(ipOf(1))).to.have.length(1);
      expect(await metric('age_seconds')).to.be.within(0, 60);
      service.put(record(3));
      await service.start();
      await until('resumed', () => replica.byMac(macOf(3)) !== undefined);
      expect(service.asked.at(-1)).to.deep.equal({ storeId: 'store-1', revision: 2 });
    });

    it('is written soon after a change, not only at the end', async () => {
      await using folder = await temporaryFolder();
      await using service = await ScriptedHardware.start();
      const { replica } = await quickReplica(replicaSettingsFor(service.address, folder.path));
      await using _ = replica;
      await until('synced', () => replica.connected);
      service.put(record(5));
      let text = '';
      while (!text.includes('node-5'))
        text = await readFile(join(folder.path, 'test.jsonl'), 'utf8').catch(() => '');
      expect(text.trimEnd().split('\n')).to.have.length(3);
    });

    for (const [what, damage] of [
      ['cut off', (text: string) => text.slice(0, -40)],
      ['changed', (text: string) => text.replace('node-1', 'node-2')],
      ['of an older version', (text: string) => text.replace(/"version":\d+/, '"version":0')],
      ['empty', () => ''],
      ['no JSON at all, with a secret in it', () => 'secret-token\n'],
    ] as const) {
      it(`is logged, not fatal, when it is ${what}`, async () => {
        await using folder = await temporaryFolder();
        await using service = await ScriptedHardware.start();
        service.put(record(1));
        const settings = replicaSettingsFor(service.address, folder.path);
        {
          const { replica } = await quickReplica(settings);
          await using _ = replica;
          await until('synced', () => replica.connected);
        }
        const file = join(folder.path, 'test.jsonl');
        await writeFile(file, damage(await readFile(file, 'utf8')));
        const { replica, said, metric, text } = await quickReplica(settings);
        await using _ = replica;
        expect(said('snapshot failed')).to.have.length(1);
        expect(await metric('snapshot_errors_total')).to.equal(1);
        expect(text()).not.to.include('secret-token');
        await until('synced all the same', () => replica.connected);
        expect(replica.byMac(macOf(1))?.name).to.equal('node-1');
      });
    }

    it('is logged, not fatal, when it cannot be written', async () => {
      await using folder = await temporaryFolder();
      await using service = await ScriptedHardware.start();
      service.put(record(1));
      // A file where the folder should be: fails for root, too.
      const blocked = join(folder.path, 'blocked');
      await writeFile(blocked, '');
      const { replica, said, metric } = await quickReplica(replicaSettingsFor(service.address, blocked));
      await using _ = replica;
      await until('synced', () => replica.connected);
      await until('the failure', () => said('snapshot failed').length >= 2);
      expect(await metric('snapshot_errors_total')).to.be.at.least(2);
      expect(replica.byMac(macOf(1))?.name).to.equal('node-1');
    });
  });

  describe('its token', () => {
    it('is shown to the server and never logged', async () => {
      await using folder = await temporaryFolder();
      await using service = await ScriptedHardware.start();
      const tokenFile = join(folder.path, 'token');
      await writeFile(tokenFile, 'correct-horse\n');
      await chmod(tokenFile, 0o600);
      const settings = { ...replicaSettingsFor(service.address, folder.path), tokenFile };
      const { replica, text } = await quickReplica(settings);
      await using _ = replica;
      await until('synced', () => replica.connected);
      expect(service.tokens).to.deep.equal(['Bearer correct-horse']);
      expect(text()).not.to.include('correct-horse');
    });

    for (const [what, content] of [
      ['is empty', '\n'],
      ['has two lines', 'a\nb\n'],
    ] as const) {
      it(`stops the start when its file ${what}`, async () => {
        await using folder = await temporaryFolder();
        const tokenFile = join(folder.path, 'token');
        await writeFile(tokenFile, content);
        const settings = { ...replicaSettingsFor({ host: '127.0.0.1', port: 1 }, folder.path), tokenFile };
        const error = await quickReplica(settings).catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(ConfigError);
        expect(String(error)).to.include('--token-file');
      });
    }
  });
});

/** Forwards to a port until it is cut; then both sides stay open and hear nothing. */
async function cuttableWire(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return {
    address: { host: '127.0.0.1', port: typeof bound === 'object' ? bound!.port : 0 },
    cut: () => {
      for (const socket of sockets) socket.unpipe();
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
