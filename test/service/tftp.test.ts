import { randomBytes } from 'node:crypto';
import { readdir, truncate, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parseIp4 } from '#shared/ip4.ts';
import { toNetascii } from '../../services/tftp/wire/netascii.ts';
import { fixedMachines, machine } from '../support/machines.ts';
import { fetch, oneOf, TftpClient } from '../support/tftp.ts';
import { tftpService } from '../support/tftp-service.ts';

const kernel = randomBytes(200_000);

describe('services/tftp', () => {
  it('serves a loader in lockstep of 512 bytes when no option is asked for', async () => {
    await using service = await tftpService({ loaders: { 'ipxe.efi': kernel } });
    await using client = await TftpClient.open(service.server);
    expect(await fetch(client, 'ipxe.efi')).to.deep.equal(kernel);
    expect(client.serverPort).to.equal(service.server.port);
    expect(await service.lineAbout('ipxe.efi')).to.include({
      why: 'ok',
      bytes: kernel.length,
      blksize: 512,
      windowsize: 1,
      retransmits: 0,
    });
  });

  for (const [name, blksize, windowsize] of [
    ['as EDK2 does', 1468, 4],
    ['in blocks of 8 bytes', 8, 16],
    ['in the largest blocks of loopback', 65_464, 2],
    ['with a window larger than we give', 1024, 1000],
  ] as const) {
    it(`serves a file ${name}`, async () => {
      await using service = await tftpService({ files: { kernel } });
      await using client = await TftpClient.open(service.server);
      const fetched = await fetch(client, 'kernel', { blksize, windowsize });
      expect(fetched).to.deep.equal(kernel);
    });
  }

  for (const size of [0, 1, 511, 512, 513, 1024, 16_384, 16_385]) {
    it(`serves a file of ${size} bytes to the byte`, async () => {
      const content = randomBytes(size);
      await using service = await tftpService({ files: { content } });
      await using client = await TftpClient.open(service.server);
      expect(await fetch(client, 'content')).to.deep.equal(content);
    });
  }

  it('goes on past block 65535', async () => {
    const large = randomBytes(8 * 65_540 + 3);
    await using service = await tftpService({ files: { large } });
    await using client = await TftpClient.open(service.server);
    const fetched = await fetch(client, 'large', { blksize: 8, windowsize: 32 });
    expect(fetched.equals(large)).to.equal(true);
  });

  for (const windowsize of [1, 4]) {
    it(`delivers over a network that loses every seventh packet, window ${windowsize}`, async () => {
      await using service = await tftpService({ files: { kernel }, args: ['--tftp-timeout', '1s'] });
      await using client = await TftpClient.open(service.server);
      const fetched = await fetch(client, 'kernel', {
        blksize: 1468,
        windowsize,
        patience: 100,
        lost: oneOf(7),
      });
      expect(fetched).to.deep.equal(kernel);
      expect((await service.lineAbout('kernel')).retransmits).to.be.greaterThan(5);
    });
  }

  it('answers only the options that were asked for, in their order, and tells the size', async () => {
    await using service = await tftpService({ files: { kernel } });
    await using client = await TftpClient.open(service.server);
    await client.request('kernel', ['tsize', '0', 'multicast', '', 'BLKSIZE', '1468']);
    expect((await client.next()).said).to.equal('OACK tsize=200000 BLKSIZE=1468');
  });

  it('takes ERROR 8 after the OACK for a question about the size', async () => {
    await using service = await tftpService({ files: { kernel } });
    await using client = await TftpClient.open(service.server);
    await client.request('kernel', ['tsize', '0']);
    await client.next();
    await client.error(8, 'User aborted the transfer');
    expect(await service.lineAbout('kernel')).to.include({ why: 'size-probe', bytes: 0 });
    expect(await client.maybeNext(100)).to.equal(undefined);
  });

  it('ends when the client says so', async () => {
    await using service = await tftpService({ files: { kernel } });
    await using client = await TftpClient.open(service.server);
    await client.request('kernel');
    await client.next();
    await client.error(0, 'enough');
    expect(await service.lineAbout('kernel')).to.include({ why: 'aborted' });
  });

  it('does not send a block again for a repeated ACK (the Sorcerer’s Apprentice)', async () => {
    await using service = await tftpService({ files: { kernel } });
    await using client = await TftpClient.open(service.server);
    await client.request('kernel');
    expect((await client.next()).said).to.equal('DATA 1');
    await client.ack(1);
    await client.ack(1);
    await client.ack(1);
    expect((await client.next()).said).to.equal('DATA 2');
    expect(await client.maybeNext(200)).to.equal(undefined);
  });

  it('sends one small packet and few repeats to an address that has acknowledged nothing', async () => {
    await using service = await tftpService({ files: { kernel }, args: ['--tftp-timeout', '500ms'] });
    await using client = await TftpClient.open(service.server);
    await client.request('kernel', ['blksize', '65464', 'windowsize', '64']);
    let bytes = 0;
    let packets = 0;
    for (let got = await client.maybeNext(2000); got !== undefined; got = await client.maybeNext(2000)) {
      bytes += got.data.length;
      packets++;
    }
    expect(packets).to.equal(4);
    expect(bytes).to.be.lessThan(200);
    expect(await service.lineAbout('kernel')).to.include({ why: 'timed-out' });
  });

  it('answers a repeated request with the same first packet and starts one transfer', async () => {
    await using service = await tftpService({ files: { kernel } });
    await using client = await TftpClient.open(service.server);
    await client.request('kernel', ['tsize', '0']);
    await client.next();
    await client.request('kernel', ['tsize', '0']);
    expect((await client.next()).said).to.equal('OACK tsize=200000');
    await client.ack(0);
    expect((await client.next()).said).to.equal('DATA 1');
    expect(
      await (await service.metrics.getSingleMetric('smee_tftp_transfers_active')?.get())?.values[0]?.value,
    ).to.equal(1);
  });

  it('takes another request from the same port for a new transfer in place of the old', async () => {
    await using service = await tftpService({ files: { kernel, initrd: 'initrd' } });
    await using client = await TftpClient.open(service.server);
    await client.request('kernel');
    await client.next();
    await client.request('initrd');
    const first = await client.next();
    expect(first.data.toString()).to.equal('initrd');
    expect(await service.lineAbout('kernel')).to.include({ why: 'aborted' });
  });

  it('refuses writes', async () => {
    await using service = await tftpService();
    await using client = await TftpClient.open(service.server);
    await client.request('upload', [], { op: 2 });
    expect((await client.next()).said).to.equal('ERROR 2');
    expect(await readdir(service.assets)).to.deep.equal([]);
    expect(await service.lineAbout('upload')).to.include({ why: 'write-refused', said: 'ERROR' });
  });

  it('translates mode netascii, and refuses mode mail', async () => {
    const content = Buffer.from('one\ntwo\r\nthree\r');
    await using service = await tftpService({ files: { content } });
    await using client = await TftpClient.open(service.server);
    expect(await fetch(client, 'content', { mode: 'NetASCII' })).to.deep.equal(
      Buffer.from(toNetascii(content)),
    );
    await client.request('content', [], { mode: 'mail' });
    const received = await client.next();
    expect(received.said).to.equal('ERROR 4');
    expect(received.data.toString()).to.include('bad-request');
  });

  for (const [name, file, said, why] of [
    ['a missing file', 'nothing', 'ERROR 1', 'not-found'],
    ['a missing loader', 'snp-arm64.efi', 'ERROR 1', 'loader-missing'],
    ['a way out of the folder', '../ipxe/ipxe.efi.txt', 'ERROR 2', 'outside-root'],
    ['backslashes', '..\\secret', 'ERROR 2', 'outside-root'],
    ['no name', '', 'ERROR 1', 'not-found'],
  ] as const) {
    it(`refuses ${name} with ${said}`, async () => {
      await using service = await tftpService();
      await using client = await TftpClient.open(service.server);
      await client.request(file);
      expect((await client.next()).said).to.equal(said);
      expect(await service.lineAbout(file)).to.include({ why });
    });
  }

  it('serves a loader to a stranger, by any path, and says whose MAC was in it', async () => {
    await using service = await tftpService();
    await using client = await TftpClient.open(service.server);
    const path = '/52-54-00-99-99-99/ipxe.efi-00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect((await fetch(client, path)).toString()).to.equal('ipxe');
    expect(await service.lineAbout(path)).to.include({ mac: '52:54:00:99:99:99' });
  });

  it('refuses a known machine that may not boot, and says so', async () => {
    const machines = fixedMachines([machine({ netboot: { allowed: false } })]);
    await using service = await tftpService({ machines });
    await using client = await TftpClient.open(service.server);
    await client.request('52:54:00:77:00:07/ipxe.efi');
    const received = await client.next();
    expect(received.said).to.equal('ERROR 2');
    expect(received.data.toString()).to.include('netboot-not-allowed');
  });

  it('knows a machine by its address for the log', async () => {
    const machines = fixedMachines([machine({ dhcp: { address: 0x7f00_0009 } })]);
    await using service = await tftpService({ machines });
    await using client = await TftpClient.open(service.server, '127.0.0.9');
    await fetch(client, 'ipxe.efi');
    expect(await service.lineAbout('ipxe.efi')).to.include({ mac: '52:54:00:77:00:07' });
  });

  it('answers a stray packet with ERROR 5, and an ERROR not at all', async () => {
    await using service = await tftpService();
    await using client = await TftpClient.open(service.server);
    await client.ack(7);
    expect((await client.next()).said).to.equal('ERROR 5');
    await client.error(0);
    expect(await client.maybeNext(100)).to.equal(undefined);
  });

  it('stays silent to a late ACK of a transfer that has just ended', async () => {
    await using service = await tftpService();
    await using client = await TftpClient.open(service.server);
    await fetch(client, 'ipxe.efi');
    await service.lineAbout('ipxe.efi');
    await client.ack(1);
    expect(await client.maybeNext(100)).to.equal(undefined);
  });

  it('drops what does not follow the format, counts it, and goes on', async () => {
    await using service = await tftpService();
    await using client = await TftpClient.open(service.server);
    for (const bytes of [[], [0], [0, 1], [0, 1, 65], [0, 9, 0, 0], [0, 4, 0], [255, 255, 255]]) {
      await client.sendRaw(Uint8Array.from(bytes));
    }
    await client.sendRaw(Buffer.alloc(60_000, 'a'));
    expect((await fetch(client, 'ipxe.efi')).toString()).to.equal('ipxe');
    const dropped = await service.metrics.getSingleMetric('smee_tftp_packets_dropped_total')?.get();
    expect(dropped?.values.find(({ labels }) => labels.why === 'malformed')?.value).to.equal(8);
  });

  it('sends a file as it was when the transfer began, though it is written over meanwhile', async () => {
    await using service = await tftpService({ files: { kernel } });
    await using client = await TftpClient.open(service.server);
    await client.request('kernel');
    const blocks = [(await client.next()).data];
    await writeFile(`${service.assets}/kernel`, randomBytes(150_000));
    while (blocks.at(-1)?.length === 512) {
      await client.ack(blocks.length);
      blocks.push((await client.next()).data);
    }
    expect(Buffer.concat(blocks)).to.deep.equal(kernel);
    await client.ack(blocks.length);
    expect(await service.lineAbout('kernel')).to.include({ why: 'ok' });
  });

  it('notices that a file changes while it is read', async () => {
    await using service = await tftpService({ files: { kernel } });
    // Too large to be held in memory.
    await truncate(`${service.assets}/kernel`, 65 * 1024 * 1024);
    await using client = await TftpClient.open(service.server);
    await client.request('kernel');
    await client.next();
    await writeFile(`${service.assets}/kernel`, randomBytes(150_000));
    let said = '';
    for (let block = 1; !said.startsWith('ERROR'); block++) {
      await client.ack(block);
      ({ said } = await client.next());
    }
    expect(said).to.equal('ERROR 0');
    expect(await service.lineAbout('kernel')).to.include({ why: 'file-changed' });
  });

  it('refuses politely above the cap for one client, and serves others', async () => {
    await using service = await tftpService({
      args: ['--tftp-max-transfers-per-client', '1'],
      files: { kernel },
    });
    await using first = await TftpClient.open(service.server);
    await using second = await TftpClient.open(service.server);
    await using other = await TftpClient.open(service.server, '127.0.0.2');
    await first.request('kernel');
    await first.next();
    await second.request('kernel');
    const received = await second.next();
    expect(received.said).to.equal('ERROR 0');
    expect(received.data.toString()).to.include('too-many-transfers');
    expect(await fetch(other, 'kernel')).to.deep.equal(kernel);
  });

  it('answers addresses of records only when it is told to, and others with silence', async () => {
    await using service = await tftpService({
      args: ['--tftp-known-clients-only'],
      files: { kernel },
      machines: fixedMachines([machine({ dhcp: { address: parseIp4('127.0.0.2') } })]),
    });
    await using stranger = await TftpClient.open(service.server);
    await using known = await TftpClient.open(service.server, '127.0.0.2');
    for (const file of ['kernel', 'no-such-file']) await stranger.request(file);
    await stranger.request('kernel', [], { op: 2 });
    await stranger.ack(1);
    expect(await fetch(known, 'kernel')).to.deep.equal(kernel);
    expect(await stranger.maybeNext(0)).to.equal(undefined);
    const dropped = await service.metrics.getSingleMetricAsString('smee_tftp_packets_dropped_total');
    expect(dropped).to.match(/why="unknown-machine".*\} 4/);
    expect(service.lines.find(({ why }) => why === 'unknown-machine')).to.include({ msg: 'dropped' });
  });

  it('does not start where that would leave nobody', async () => {
    const args = ['--tftp-known-clients-only', '--backend-noop-enabled'];
    const refused = await tftpService({ args }).catch((error: unknown) => error);
    expect(String(refused)).to.match(/would answer nobody without records/);
  });

  it('refuses politely above the cap in total', async () => {
    await using service = await tftpService({ args: ['--tftp-max-transfers', '1'], files: { kernel } });
    await using first = await TftpClient.open(service.server);
    await using second = await TftpClient.open(service.server, '127.0.0.2');
    await first.request('kernel');
    await first.next();
    await first.ack(1);
    await first.next();
    await second.request('kernel');
    expect((await second.next()).data.toString()).to.include('too-many-transfers');
  });

  it('gives the places of requests that nobody stands behind to those who answer', async () => {
    await using service = await tftpService({ args: ['--tftp-max-transfers', '2'], files: { kernel } });
    await using stack = new AsyncDisposableStack();
    for (const forged of ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5']) {
      const client = stack.use(await TftpClient.open(service.server, forged));
      await client.request('kernel');
      await client.next();
    }
    await using client = await TftpClient.open(service.server);
    expect(await fetch(client, 'kernel')).to.deep.equal(kernel);
    const given = service.lines.filter(({ why }) => why === 'too-many-transfers');
    expect(given.map(({ peer }) => String(peer).split(':')[0])).to.deep.equal([
      '127.0.0.2',
      '127.0.0.3',
      '127.0.0.4',
    ]);
  });

  it('serves a thousand clients at once, each with a little loss', async () => {
    const small = randomBytes(20_000);
    await using service = await tftpService({ files: { small }, args: ['--tftp-timeout', '2s'] });
    const clients = await Promise.all(
      Array.from({ length: 1000 }, (_, at) =>
        TftpClient.open(service.server, `127.0.${1 + (at >> 6)}.${1 + (at & 63)}`),
      ),
    );
    const fetched = await Promise.all(
      clients.map((client, at) =>
        fetch(client, 'small', {
          blksize: 1468,
          patience: 1000,
          lost: oneOf(50, at),
        }),
      ),
    );
    expect(fetched.filter((bytes) => bytes.equals(small))).to.have.length(1000);
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  });

  describe('with a port per transfer', () => {
    const args = ['--tftp-single-port=false'];

    it('answers from a port of its own', async () => {
      await using service = await tftpService({ files: { kernel }, args });
      await using client = await TftpClient.open(service.server);
      expect(await fetch(client, 'kernel', { blksize: 1468, windowsize: 4 })).to.deep.equal(kernel);
      expect(client.serverPort).not.to.equal(service.server.port);
    });

    it('answers a packet from another port with ERROR 5, and the transfer goes on unharmed', async () => {
      await using service = await tftpService({ files: { kernel }, args });
      await using client = await TftpClient.open(service.server);
      await using stranger = await TftpClient.open(service.server);
      await client.request('kernel');
      expect((await client.next()).said).to.equal('DATA 1');
      stranger.serverPort = client.serverPort;
      await stranger.ack(1);
      expect((await stranger.next()).said).to.equal('ERROR 5');
      await stranger.error(0);
      await client.ack(1);
      expect((await client.next()).said).to.equal('DATA 2');
    });

    it('refuses from where it was asked', async () => {
      await using service = await tftpService({ args });
      await using client = await TftpClient.open(service.server);
      await client.request('nothing');
      expect((await client.next()).said).to.equal('ERROR 1');
    });
  });

  it('lets transfers finish when it stops, and takes no new ones', async () => {
    await using service = await tftpService({ files: { content: randomBytes(600) } });
    await using client = await TftpClient.open(service.server);
    await using late = await TftpClient.open(service.server);
    await client.request('content');
    await client.next();
    const stopped = service.stop();
    await late.request('content');
    expect((await late.next()).data.toString()).to.include('shutting-down');
    await client.ack(1);
    expect((await client.next()).said).to.equal('DATA 2');
    await client.ack(2);
    await stopped;
  });

  it('frees the place of a client that vanishes', async () => {
    await using service = await tftpService({ files: { kernel }, args: ['--tftp-timeout', '100ms'] });
    await using client = await TftpClient.open(service.server);
    await client.request('kernel');
    await client.next();
    await client.ack(1);
    expect(await service.lineAbout('kernel')).to.include({ why: 'timed-out', retransmits: 7 });
    const active = await service.metrics.getSingleMetric('smee_tftp_transfers_active')?.get();
    expect(active?.values[0]?.value).to.equal(0);
  });

  it('says its health, and listens nowhere when it is off', async () => {
    await using service = await tftpService({ args: ['--tftp-enabled=false'] });
    expect(service.server.port).to.equal(0);
    const ready = await globalThis.fetch(`http://127.0.0.1:${service.ops.port}/readyz`);
    expect(ready.status).to.equal(200);
    const text = await (await globalThis.fetch(`http://127.0.0.1:${service.ops.port}/metrics`)).text();
    expect(text).to.include('smee_tftp_requests_total').and.to.include('smee_tftp_datagrams_lost_total');
  });
});
