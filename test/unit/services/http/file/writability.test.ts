import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { SmeeError } from '#shared/errors.ts';
import { F_DUPFD_CLOEXEC, loadLibc } from '#shared/udp/libc.ts';
import { Writability } from '../../../../../services/http/file/writability.ts';
import { until } from '../../../../support/until.ts';

/** The descriptor of a connection whose other end takes nothing until it is told to. */
async function connection() {
  await using stack = new AsyncDisposableStack();
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  stack.defer(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  const socket = connect(typeof address === 'object' ? address!.port : 0, '127.0.0.1');
  stack.defer(() => void socket.destroy());
  const [[other]] = (await Promise.all([once(server, 'connection'), once(socket, 'connect')])) as [
    [Socket],
    unknown,
  ];
  stack.defer(() => void other.destroy());
  const handle = Reflect.get(socket, '_handle') as { fd: number };
  const owned = stack.move();
  return { fd: handle.fd, socket, other, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Writes until the kernel takes no more. */
function fill(socket: Socket): void {
  while (socket.writableLength === 0) socket.write(Buffer.alloc(1024 * 1024));
}

describe('services/http/file/writability.ts', () => {
  it('calls back once, and again for who waits again', async () => {
    using writability = new Writability(loadLibc());
    await using one = await connection();
    let calls = 0;
    for (const due of [1, 2]) {
      expect(writability.wait(one.fd, () => calls++)).to.equal(true);
      await until('the call', () => calls === due);
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).to.equal(2);
    writability.forget(one.fd);
  });

  it('waits while the other end takes nothing, beside one that takes more', async () => {
    using writability = new Writability(loadLibc());
    await using full = await connection();
    await using free = await connection();
    fill(full.socket);
    const called: string[] = [];
    writability.wait(full.fd, () => called.push('full'));
    writability.wait(free.fd, () => called.push('free'));
    await until('the one that is free', () => called.length > 0);
    expect(called).to.deep.equal(['free']);
    full.other.resume();
    await until('the other', () => called.length > 1);
    expect(called).to.deep.equal(['free', 'full']);
    for (const { fd } of [full, free]) writability.forget(fd);
  });

  it('tells also of one that has failed', async () => {
    using writability = new Writability(loadLibc());
    await using one = await connection();
    fill(one.socket);
    one.socket.on('error', () => {});
    const own = loadLibc().fcntl(one.fd, F_DUPFD_CLOEXEC, 0);
    let calls = 0;
    writability.wait(own, () => calls++);
    one.other.resetAndDestroy();
    await until('the call', () => calls === 1);
    writability.forget(own);
    loadLibc().close(own);
  });

  it('calls nobody who is forgotten, not even by another of the same moment', async () => {
    using writability = new Writability(loadLibc());
    await using one = await connection();
    await using other = await connection();
    const called: number[] = [];
    const both = [one.fd, other.fd];
    for (const fd of both)
      writability.wait(fd, () => {
        called.push(fd);
        for (const each of both) writability.forget(each);
      });
    await until('the first', () => called.length > 0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(called).to.have.length(1);
  });

  it('says so when there is no descriptor left', () => {
    const libc = { ...loadLibc(), epoll_create1: () => -1, errno: () => 'EMFILE' };
    expect(() => new Writability(libc))
      .to.throw(SmeeError)
      .with.property('code', 'EMFILE');
  });

  it('cannot watch what is no socket', () => {
    using writability = new Writability(loadLibc());
    expect(writability.wait(1_000_000, () => {})).to.equal(false);
  });
});
