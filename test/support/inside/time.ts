/** Run inside a namespace: an NTP server (RFC 4330, stratum 1) that tells the time of this machine. */
import { createSocket } from 'node:dgram';

/** From 1900, where NTP begins, to 1970, in seconds. */
const epoch = 2_208_988_800;

const socket = createSocket('udp4');
socket.on('message', (question, { address, port }) => {
  const answer = Buffer.alloc(48);
  answer.set([0x24, 1, 4, 0xec]);
  // Originate: what the client called its transmit time.
  question.copy(answer, 24, 40, 48);
  const now = Date.now();
  for (const at of [16, 32, 40]) {
    answer.writeUInt32BE(Math.floor(now / 1000) + epoch, at);
    answer.writeUInt32BE(Math.floor(((now % 1000) / 1000) * 2 ** 32), at + 4);
  }
  socket.send(answer, port, address);
});
socket.bind(123, () => process.stdout.write('telling the time\n'));
