import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect } from 'chai';
import { Connections } from '../../../../services/http/connections.ts';
import { until } from '../../../support/until.ts';

describe('services/http/connections.ts', () => {
  it('counts over all servers of the service, and forgets a client that holds none', async () => {
    const whys: string[] = [];
    const connections = new Connections(2, [], (why) => void whys.push(why));
    const servers = [createServer(), createServer()];
    for (const server of servers) {
      connections.watch(server);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    const client = async (at: number) => {
      const socket = connect((servers[at]!.address() as AddressInfo).port, '127.0.0.1').resume();
      await once(socket, 'connect');
      return socket;
    };
    const held = [await client(0), await client(1)];
    const refused = await client(1);
    await once(refused, 'close');
    expect(whys).to.deep.equal(['too-many-connections']);
    expect(connections.clients).to.equal(1);
    for (const socket of held) socket.destroy();
    await until('nobody counted', () => connections.clients === 0);
    for (const server of servers) server.close();
  });

  it('is told about connections above the limit of the whole server', async () => {
    const whys: string[] = [];
    const connections = new Connections(9, [], (why) => void whys.push(why));
    const server = createServer().listen(0, '127.0.0.1');
    server.maxConnections = 1;
    connections.watch(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const first = connect(port, '127.0.0.1').resume();
    await once(first, 'connect');
    const second = connect(port, '127.0.0.1').resume();
    second.on('error', () => {});
    await once(second, 'close');
    expect(whys).to.deep.equal(['too-many-connections']);
    first.destroy();
    server.close();
  });
});
