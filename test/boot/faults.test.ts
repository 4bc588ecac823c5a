import { copyFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { openSqlite } from '../../services/hardware/store/sqlite.ts';
import { TestClient } from '../support/hardware-server.ts';
import {
  type Heard,
  loaded,
  macOfMachine,
  offered,
  rackMachine,
  scripted,
  startRack,
} from '../support/rack.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { TftpClient } from '../support/tftp.ts';
import { until } from '../support/until.ts';

const machines = 20;
const addressOf = (index: number) => `10.77.0.${index}`;

/** Asks until somebody answers; 503 is "ask again", which iPXE does by itself. */
async function answered(what: string, ask: () => Promise<Heard>, withinMs = 15_000): Promise<string> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const heard = await ask();
    if (heard !== undefined && heard !== '503') return heard;
    if (performance.now() > deadline) throw new Error(`nobody answered within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Asks until the answer is this one, and gives back the others that came before it. */
async function untilHeard(wanted: Heard, ask: () => Promise<Heard>, withinMs = 15_000): Promise<Heard[]> {
  const before: Heard[] = [];
  const deadline = performance.now() + withinMs;
  for (let heard = await ask(); heard !== wanted; heard = await ask()) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${wanted}, but ${before}`);
    before.push(heard);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return before;
}

type Rack = Awaited<ReturnType<typeof startRack>>;

/** A DHCP and an HTTP service that have never seen the records: what they answer until they have the right answer. */
async function bootSlowly(rack: Rack): Promise<readonly [toHttp: Heard[], toDhcp: Heard[]]> {
  await using slow = await slowed(rack.hardware.address.port, 5000);
  const where = { port: slow.port, snapshots: 'slow' };
  await using dhcp = await rack.consumer('dhcp', where);
  await using http = await rack.consumer('http', where);
  return await Promise.all([
    untilHeard(macOfMachine(1), () => scripted(http, 1), 30_000),
    untilHeard(addressOf(1), () => offered(dhcp, 1), 30_000),
  ]);
}

/** The exit code after SIGTERM, and how long it took to come, in milliseconds. */
async function stop(service: ServiceProcess): Promise<{ code: number | string; ms: number }> {
  const asked = performance.now();
  return { code: await service.signal('SIGTERM'), ms: performance.now() - asked };
}

/** How services stop while a client has begun something that it does not go on with. */
async function holdOn(rack: Rack): Promise<Awaited<ReturnType<typeof stop>>[]> {
  const dhcp = await rack.consumer('dhcp', { snapshots: 'held' });
  const syslog = await rack.consumer('syslog', { snapshots: 'held' });
  const tftp = await rack.consumer('tftp', { snapshots: 'held' });
  const http = await rack.consumer('http', { snapshots: 'held' });
  await writeFile(join(rack.artifacts, 'held'), Buffer.alloc(64 * 1024 * 1024, 'x'));
  await using machine = await TftpClient.open(tftp.address);
  await machine.request('held');
  await machine.next();
  await machine.ack(1);
  const held = connect(http.address.port, '127.0.0.1').on('error', () => undefined);
  held.write('GET /artifacts/held HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => held.once('readable', resolve));
  await offered(dhcp, 1);
  try {
    return await Promise.all([dhcp, syslog, tftp, http].map(stop));
  } finally {
    held.destroy();
  }
}

describe('faults, with every service a process of its own', function () {
  this.timeout(60_000);
  let rack: Rack;
  let client: TestClient;
  // These two mostly wait: they begin first, and the other tests run beside them.
  let slowly: ReturnType<typeof bootSlowly>;
  let held: ReturnType<typeof holdOn>;

  before(async () => {
    rack = await startRack();
    client = new TestClient(rack.hardware.address.port);
    for (let index = 1; index <= machines; index++) {
      await client.call('ApplyHardware', { hardware: rackMachine(index) });
    }
    slowly = bootSlowly(rack);
    held = holdOn(rack);
    for (const one of [slowly, held]) one.catch(() => undefined); // reported by its own test
  });
  after(async () => {
    client?.[Symbol.dispose]();
    await rack?.[Symbol.asyncDispose]();
  });

  const asks = {
    dhcp: { ask: offered, right: addressOf },
    tftp: { ask: loaded, right: () => 'the loader' },
    http: { ask: scripted, right: macOfMachine },
  } as const;
  for (const name of ['dhcp', 'tftp', 'http'] as const) {
    it(`loses no boot when ${name} is killed under load and comes back`, async () => {
      const { ask, right } = asks[name];
      let service = await rack.consumer(name);
      await untilHeard(right(1), () => ask(service, 1));
      let answers = 0;
      let restarted: Promise<void> | undefined;
      const restart = async () => {
        await service.signal('SIGKILL');
        service = rack.use(await service.again());
      };
      // Records change all the while: the kill may fall into the writing of a snapshot.
      let changes = 0;
      const changing = (async () => {
        while (answers < machines * 5) {
          const labels = { change: `${++changes}` };
          await client.call('ApplyHardware', { hardware: { ...rackMachine(200, '10.77.9.9'), labels } });
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      })();
      const boot = async (index: number) => {
        for (let round = 0; round < 5; round++) {
          expect(await answered(`${name} ${index}`, () => ask(service, index))).to.equal(right(index));
          if (++answers === machines) restarted = restart();
        }
      };
      await Promise.all(Array.from({ length: machines }, (_, at) => boot(at + 1)));
      await Promise.all([changing, restarted]);
      expect(restarted).to.not.equal(undefined);
      await service.signal('SIGKILL');
    });
  }

  it('goes on answering while the hardware service hangs, after a restart too', async () => {
    const dhcp = await rack.consumer('dhcp');
    const http = await rack.consumer('http');
    await untilHeard(addressOf(1), () => offered(dhcp, 1));
    await untilHeard(macOfMachine(1), () => scripted(http, 1));
    await rack.hardware.signal('SIGSTOP');
    try {
      expect(await offered(dhcp, 2, 5000)).to.equal(addressOf(2));
      await dhcp.signal('SIGTERM');
      await http.signal('SIGTERM');
      const dhcpAgain = rack.use(await dhcp.again());
      const httpAgain = rack.use(await http.again());
      for (let index = 1; index <= machines; index++) {
        expect(await offered(dhcpAgain, index, 5000)).to.equal(addressOf(index));
        expect(await scripted(httpAgain, index)).to.equal(macOfMachine(index));
      }
      await Promise.all([dhcpAgain, httpAgain].map((one) => one.signal('SIGKILL')));
    } finally {
      await rack.hardware.signal('SIGCONT');
    }
  });

  it('tells nobody that he is unknown while the hardware service takes five seconds for every answer', async () => {
    const [toHttp, toDhcp] = await slowly;
    // 503 is "ask again": no 404, and no address but the right one.
    expect(new Set(toHttp)).to.deep.equal(new Set(['503']));
    expect(new Set(toDhcp)).to.deep.equal(new Set([undefined]));
  });

  it('serves what it knew until an older database, and then an empty one, is there as a whole', async () => {
    const database = join(rack.folder, 'moving.db');
    const start = (path: string) =>
      rack.hardware.again('--hardware-bind=127.0.0.1:0', `--sqlite-path=${path}`);
    const write = async (to: ServiceProcess, address: string) => {
      using writer = new TestClient(to.address.port);
      for (const index of [1, 2, 3]) {
        const at = index === 1 ? address : addressOf(index);
        await writer.call('ApplyHardware', { hardware: rackMachine(index, at) });
      }
    };
    let hardware = rack.use(await start(database));
    await write(hardware, '10.77.1.1');
    await hardware.signal('SIGTERM');
    await copyFile(database, `${database}.old`);
    hardware = rack.use(await hardware.again());
    await write(hardware, '10.77.1.2');

    const where = { port: hardware.address.port, snapshots: 'moving' };
    const dhcp = await rack.consumer('dhcp', where);
    const http = await rack.consumer('http', where);
    await untilHeard('10.77.1.2', () => offered(dhcp, 1));
    await untilHeard(macOfMachine(1), () => scripted(http, 1));
    await hardware.signal('SIGKILL');
    expect(await offered(dhcp, 1, 5000)).to.equal('10.77.1.2');

    hardware = rack.use(await hardware.again(`--sqlite-path=${database}.old`));
    const before = await untilHeard('10.77.1.1', () => offered(dhcp, 1));
    expect(before.filter((heard) => heard !== '10.77.1.2')).to.deep.equal([]);

    await hardware.signal('SIGKILL');
    await rm(database, { force: true });
    expect(await scripted(http, 3)).to.equal(macOfMachine(3));
    hardware = rack.use(await hardware.again(`--sqlite-path=${database}.empty`));
    const known = await untilHeard('404', () => scripted(http, 3));
    expect(known.filter((heard) => heard !== macOfMachine(3))).to.deep.equal([]);
    await Promise.all([dhcp, http, hardware].map((one) => one.signal('SIGKILL')));
  });

  describe('SIGTERM', () => {
    it('lets tftp end the transfer in flight', async () => {
      await writeFile(join(rack.artifacts, 'small'), Buffer.alloc(3000, 'x'));
      const tftp = await rack.consumer('tftp');
      await using machine = await TftpClient.open(tftp.address);
      await machine.request('small');
      expect((await machine.next()).said).to.equal('DATA 1');
      const stopped = stop(tftp);
      await until('it stops', () => tftp.lines.some(({ msg }) => msg === 'stopping'));
      for (let block = 1; block <= 5; block++) {
        await machine.ack(block);
        expect((await machine.next()).block).to.equal(block + 1);
      }
      await machine.ack(6);
      const { code, ms } = await stopped;
      expect(code).to.equal(0);
      expect(ms).to.be.below(8000);
    });

    it('lets http end the answer in flight', async () => {
      const size = 64 * 1024 * 1024;
      await writeFile(join(rack.artifacts, 'large'), Buffer.alloc(size, 'x'));
      const http = await rack.consumer('http');
      const { host, port } = http.address;
      const answer = await fetch(`http://${host}:${port}/artifacts/large`);
      const reader = answer.body!.getReader();
      let bytes = (await reader.read()).value?.length ?? 0;
      const stopped = stop(http);
      await until('it stops', () => http.lines.some(({ msg }) => msg === 'stopping'));
      for (let piece = await reader.read(); !piece.done; piece = await reader.read())
        bytes += piece.value.length;
      expect(bytes).to.equal(size);
      expect((await stopped).code).to.equal(0);
    });

    it('lets hardware end the writes in flight: what it has acknowledged is there', async () => {
      const database = join(rack.folder, 'stopped.db');
      const flags = ['--hardware-bind=127.0.0.1:0', `--sqlite-path=${database}`];
      const hardware = rack.use(await rack.hardware.again(...flags));
      using writer = new TestClient(hardware.address.port);
      const watch = writer.watch();
      await watch.synced();
      const acknowledged: string[] = [];
      const write = async (lane: number) => {
        for (let at = 0; hardware.runs; at++) {
          const one = {
            ...rackMachine(lane * 20 + (at % 20), `10.77.${lane}.${at % 20}`),
            labels: { at: `${at}` },
          };
          await writer.call('ApplyHardware', { hardware: one });
          acknowledged.push(one.name);
        }
      };
      const lanes = Promise.allSettled([1, 2, 3, 4].map(write));
      await until('many writes', () => acknowledged.length > 100);
      const { code, ms } = await stop(hardware);
      await lanes;
      expect(code).to.equal(0);
      expect(ms).to.be.below(10_000);
      expect((await watch.ended).details).to.be.a('string');
      using store = openSqlite(database);
      const missing = acknowledged.filter((name) => store.find({ field: 'name', value: name }).length === 0);
      expect(missing).to.deep.equal([]);
      expect(store.revision).to.be.at.least(acknowledged.length);
    });

    it('ends every service within ten seconds, though a client holds on to it', async () => {
      const stopped = await held;
      expect(stopped.map(({ code }) => code)).to.deep.equal([0, 0, 0, 0]);
      for (const { ms } of stopped) expect(ms).to.be.below(10_000);
    });
  });
});

/** A way to a port on which everything from there arrives so many milliseconds late. */
async function slowed(to: number, ms: number): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    near.pipe(far);
    far.on('data', (bytes) => setTimeout(() => near.writable && near.write(bytes), ms).unref());
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return {
    port: typeof bound === 'object' ? bound!.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
