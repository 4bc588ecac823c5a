/**
 * Run inside a namespace: prints every Ethernet frame that passes the device of the first argument, a line of hex each.
 * (tcpdump would do, but it refuses to run as the only user of a user namespace.)
 */
import { writeSync } from 'node:fs';
import koffi from 'koffi';

const [device = ''] = process.argv.slice(2);
const libc = koffi.load('libc.so.6');
const socket = libc.func('int socket(int domain, int type, int protocol)');
const bind = libc.func('int bind(int fd, const uint8_t *address, uint32_t length)');
const recv = libc.func('long recv(int fd, _Out_ uint8_t *buffer, size_t length, int flags)');
const ifIndex: number = libc.func('uint32_t if_nametoindex(const char *name)')(device);

const AF_PACKET = 17;
const SOCK_RAW = 3;
const ETH_P_ALL = 3;

// struct sockaddr_ll: family in host order, protocol in network order, index in host order.
const address = Buffer.alloc(1024).subarray(0, 20);
address.writeUInt16LE(AF_PACKET, 0);
address.writeUInt16BE(ETH_P_ALL, 2);
address.writeUInt32LE(ifIndex, 4);

const fd: number = socket(AF_PACKET, SOCK_RAW, address.readUInt16LE(2));
if (ifIndex === 0 || fd < 0 || bind(fd, address, address.length) !== 0) {
  writeSync(2, `cannot listen on ${device} (errno ${koffi.errno()})\n`);
  process.exit(1);
}
writeSync(1, 'listening\n');

const frame = Buffer.alloc(65_536);
for (;;) {
  const length: number = recv(fd, frame, frame.length, 0);
  if (length > 0) writeSync(1, `${frame.toString('hex', 0, length)}\n`);
}
