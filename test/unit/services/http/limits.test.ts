import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { limitedServer, limits, silentConnections } from '../../../../services/http/limits.ts';

/** Connected, and `closed` once the server has ended it. */
async function connection(server: Server): Promise<{ socket: Socket; closed: Promise<unknown> }> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.resume();
  await once(socket, 'connect');
  return { socket, closed };
}

describe('services/http/limits.ts', () => {
  let server: Server;

  const listen = async (share: number) => {
    server = limitedServer((_request, response) => response.end('ok'), share);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  };

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('bounds what a connection may cost, in bytes and in time', async () => {
    await listen(1);
    expect(server).to.include({
      headersTimeout: limits.request,
      requestTimeout: limits.request,
      keepAliveTimeout: limits.keepAlive,
      timeout: limits.idle,
      maxConnections: limits.connections,
    });
  });

  it('closes what comes above its share of the connections', async () => {
    await listen(2 / limits.connections);
    const first = await connection(server);
    const second = await connection(server);
    const third = await connection(server);
    await third.closed;
    expect(first.socket.destroyed || second.socket.destroyed).to.equal(false);
    first.socket.destroy();
    second.socket.destroy();
  });

  it('knows the connections on which nothing has been asked', async () => {
    await listen(1);
    const silent = silentConnections(server);
    const accepted = once(server, 'connection');
    const { socket } = await connection(server);
    await accepted;
    expect(silent.size).to.equal(1);
    socket.write('GET / HTTP/1.1\r\nHost: b\r\n\r\n');
    await once(server, 'request');
    expect(silent.size).to.equal(0);
    const another = once(server, 'connection');
    const { socket: gone } = await connection(server);
    const [accepting] = (await another) as [Socket];
    gone.destroy();
    await once(accepting, 'close');
    expect(silent.size).to.equal(0);
    socket.destroy();
  });
});
