import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import options from 'dhcp/lib/options.js';
import protocol, { type DhcpMessage } from 'dhcp/lib/protocol.js';
import type { HostPort } from '#shared/config.ts';
import { until } from './until.ts';

// Options that the package doesn't know make it throw; those of a variable shape it would misread.
for (let code = 1; code < 255; code++) {
  if (!(code in options.opts) || code === 121)
    options.addOption(code, { name: `option ${code}`, type: 'UInt8s' });
}
options.addOption(77, { name: 'User Class', type: 'ASCII' });
options.addOption(93, { name: 'Client System Architecture', type: 'UInt16s' });

/** A message on the codec of npm `dhcp`, which shares nothing with ours; a DISCOVER of 52:54:00:77:00:07 by default. */
export function message(parts: Partial<DhcpMessage> = {}): Uint8Array {
  const { _data, _w } = protocol.format({
    op: 1,
    htype: 1,
    hlen: 6,
    hops: 0,
    xid: 0x1234_abcd,
    secs: 0,
    flags: 0,
    ciaddr: '0.0.0.0',
    yiaddr: '0.0.0.0',
    siaddr: '0.0.0.0',
    giaddr: '0.0.0.0',
    chaddr: '52-54-00-77-00-07',
    sname: '',
    file: '',
    ...parts,
    options: { 53: 1, ...parts.options },
  });
  return _data.slice(0, Math.max(300, _w));
}

/** A client's socket: raw bytes out, and what came back, as bytes and as the other codec reads it. */
export async function dhcpPeer(server: HostPort, address = '127.0.0.1') {
  const socket = createSocket('udp4');
  const heard: Uint8Array[] = [];
  let from: HostPort = { host: '', port: 0 };
  socket.on('message', (bytes, { address: host, port }) => {
    heard.push(bytes);
    from = { host, port };
  });
  socket.bind(0, address);
  await once(socket, 'listening');
  const send = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) =>
      socket.send(bytes, server.port, '127.0.0.1', (error) => (error === null ? resolve() : reject(error))),
    );
  return {
    heard,
    send,
    /** Sends, and waits for the next datagram. */
    async ask(bytes: Uint8Array): Promise<{ bytes: Uint8Array; message: DhcpMessage; from: HostPort }> {
      const before = heard.length;
      await send(bytes);
      await until('a reply', () => heard.length > before);
      const reply = heard[before] ?? new Uint8Array();
      return { bytes: reply, message: protocol.parse(Buffer.from(reply)), from };
    },
    [Symbol.dispose]: () => void socket.close(),
  };
}
