import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { compile } from '../../bench/compile.ts';
import { writeOrders } from '../../bench/http-orders.ts';
import { need } from '../support/clients.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const scripts = ['one', 'two', 'three'].map((name) =>
  Buffer.from(`#!ipxe\necho ${name.padEnd(3000, '.')}\n`),
);

interface Counted {
  readonly counts: Record<string, number>;
  readonly complaint: string;
}

/** Each machine asks this server once, for `/<its number>`. */
async function load(cc: string, connections: 'new' | 'kept', listener: RequestListener): Promise<Counted> {
  await using folder = await temporaryFolder();
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const orders = scripts.map((body, at) => ({ path: `/${at}`, body }));
    await writeOrders(`${folder.path}/orders`, `127.0.0.1:${port}`, orders);
    const program = compile(cc, 'http-load', folder.path);
    const args = ['127.0.0.1', `${port}`, `${folder.path}/orders`, connections, '2', '0'];
    const { stdout, stderr } = await promisify(execFile)(program, args);
    return { counts: JSON.parse(stdout), complaint: stderr };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** What is due, changed on its way to one of the machines. */
const serving =
  (change: (body: Buffer) => Buffer): RequestListener =>
  ({ url }, response) => {
    const at = Number(url?.slice(1));
    const body = Buffer.from(scripts[at] ?? '');
    response.end(at === 1 ? change(body) : body);
  };

describe('bench/inside/http-load.c', () => {
  let cc: string;
  before(function () {
    cc = need(this, 'cc', 'gcc libc6-dev');
  });

  for (const connections of ['new', 'kept'] as const) {
    it(`counts what is right, over ${connections} connections`, async () => {
      const { counts, complaint } = await load(
        cc,
        connections,
        serving((body) => body),
      );
      expect(counts).to.include({ done: 3, wrong: 0, failed: 0 });
      expect(complaint).to.equal('');
      expect(counts.seconds).to.be.above(0);
      expect(counts.cpu).to.be.above(0);
    });

    const planted: Record<string, [(body: Buffer) => Buffer, string]> = {
      'one wrong byte, the last': [
        (body) => Buffer.concat([body.subarray(0, -1), Buffer.of(0)]),
        'other bytes',
      ],
      'a byte too many': [(body) => Buffer.concat([body, Buffer.of(10)]), 'more bytes'],
      'another machine’s script': [() => scripts[0] ?? Buffer.of(), 'bytes than are due'],
    };
    for (const [what, [change, why]] of Object.entries(planted)) {
      it(`says so when there is ${what}, over ${connections} connections`, async () => {
        const { counts, complaint } = await load(cc, connections, serving(change));
        expect(counts).to.include({ done: 2, wrong: 1, failed: 0 });
        expect(complaint).to.include(why).and.include('GET /1 ');
      });
    }

    it(`says so when an answer is no 200, over ${connections} connections`, async () => {
      const { counts, complaint } = await load(cc, connections, ({ url }, response) => {
        if (url === '/2') response.statusCode = 404;
        response.end(scripts[Number(url?.slice(1))]);
      });
      expect(counts).to.include({ done: 2, wrong: 1 });
      expect(complaint).to.include('no 200');
    });

    it(`says so when an answer is cut off, over ${connections} connections`, async () => {
      const { counts } = await load(cc, connections, ({ url }, response) => {
        const body = scripts[Number(url?.slice(1))] ?? Buffer.of();
        if (url !== '/0') return response.end(body);
        response.setHeader('content-length', body.length);
        return response.write(body.subarray(0, 100), () => response.destroy());
      });
      expect(counts).to.include({ done: 2, failed: 1 });
    });
  }
});
