import { execFileSync, spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { SmeeError } from '#shared/errors.ts';
import { parseIp4 } from '#shared/ip4.ts';
import type { DatagramInfo } from '#shared/udp/engine.ts';
import { open, peer } from '../../../support/udp.ts';
import { until } from '../../../support/until.ts';

const script = new URL('../../../support/udp-process.ts', import.meta.url).pathname;

describe('shared/udp/open.ts', () => {
  it('lets the kernel choose a port and says which', async () => {
    await using socket = open();
    expect(socket.port).to.be.greaterThan(0);
    expect(socket.address).to.equal(parseIp4('127.0.0.1'));
  });

  it('says where a datagram came from, and which of our addresses it was sent to', async () => {
    const infos: DatagramInfo[] = [];
    const keep = (_: Uint8Array, info: DatagramInfo) => {
      infos.push({ ...info });
      return undefined;
    };
    await using socket = open({ address: 0, handle: keep });
    using client = await peer();
    await client.send('x', socket.port, '127.0.0.2');
    await until('the datagram', () => infos.length === 1);
    expect(infos[0]).to.deep.equal({
      sourceAddress: parseIp4('127.0.0.1'),
      sourcePort: client.port,
      ifindex: 1,
      localAddress: parseIp4('127.0.0.2'),
    });
  });

  it('answers from the address that was asked', async () => {
    await using socket = open({ address: 0 });
    using client = await peer();
    await client.send('x', socket.port, '127.0.0.2');
    await client.hears(1);
    expect(client.heard[0]?.from).to.include({ address: '127.0.0.2', port: socket.port });
  });

  it('binds to a device', async () => {
    await using socket = open({ address: 0, device: 'lo' });
    using client = await peer();
    await client.send('through lo', socket.port);
    expect(await client.hears(1)).to.deep.equal(['through lo']);
  });

  describe('refuses with the code of the system and a sentence that says what to do', () => {
    const rows = [
      {
        name: 'an unknown device',
        options: { device: 'none0' },
        code: 'ENODEV',
        says: 'no network device "none0"',
      },
      { name: 'a device without a name', options: { device: '' }, code: 'ENODEV', says: 'ip link' },
      {
        name: 'an address of somebody else',
        options: { address: parseIp4('192.0.2.1')! },
        code: 'EADDRNOTAVAIL',
        says: 'this host has no address 192.0.2.1',
      },
    ];
    for (const { name, options, code, says } of rows) {
      it(name, () => {
        expect(() => open(options))
          .to.throw(SmeeError, says)
          .that.includes({ code });
      });
    }

    it('a taken port, also for a second socket of our own', async () => {
      await using socket = open();
      expect(() => open({ port: socket.port }))
        .to.throw(SmeeError, `'sport = :${socket.port}'`)
        .that.includes({ code: 'EADDRINUSE' });
    });
  });

  it('leaves no descriptor behind when it refuses', async () => {
    const descriptors = () =>
      execFileSync('ls', [`/proc/${process.pid}/fd`], { encoding: 'utf8' }).split('\n').length;
    await using socket = open();
    const before = descriptors();
    for (let i = 0; i < 200; i++) expect(() => open({ port: socket.port })).to.throw(SmeeError);
    // What earlier tests began may still open and close a few.
    expect(descriptors()).to.be.below(before + 100);
  });

  describe('in a process of its own', () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [script, ...args], { timeout: 15_000, encoding: 'utf8' });

    it('lets the process end by itself once closed', () => {
      expect(run('close')).to.include({ status: 0, signal: null, stdout: 'closed\n' });
    });

    it('keeps the process alive while open, and does not hold up process.exit', () => {
      expect(run('exit')).to.include({ status: 7, signal: null, stdout: 'still open\n' });
    });
  });

  describe('between two network namespaces', () => {
    it('hears a broadcast, and answers with one by the interface that it came in on', function () {
      this.timeout(30_000);
      const other = 'nsenter -t $far -n';
      const network = [
        'unshare -n sleep 20 & far=$!',
        'until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do sleep 0.01; done',
        'ip link set lo up',
        'ip link add va type veth peer name vb netns $far',
        'ip addr add 192.168.77.1/24 brd + dev va',
        'ip link set va up',
        `${other} ip addr add 192.168.77.2/24 brd + dev vb`,
        `${other} ip link set vb up`,
        `${other} "${process.execPath}" "${script}" client & client=$!`,
        `"${process.execPath}" "${script}" server`,
        'wait $client',
        'kill $far',
      ];
      const { status, stdout, stderr } = spawnSync('unshare', ['-Urn', 'sh', '-c', network.join('\n')], {
        timeout: 20_000,
        encoding: 'utf8',
      });
      expect(stderr).to.equal('');
      expect(status).to.equal(0);
      const said = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(Object.assign({}, ...said)).to.deep.equal({
        server: { from: '192.168.77.2:68', localAddress: '192.168.77.1', sameInterface: true, elsewhere: 0 },
        client: { from: '192.168.77.1:67', text: 'offer' },
      });
    });
  });
});
