import { SmeeError } from '../errors.ts';
import { formatIp4, type Ip4 } from '../ip4.ts';
import type { UdpOptions, UdpSocket } from './engine.ts';
import { sockaddrIn } from './layout.ts';
import * as c from './libc.ts';
import { BatchSocket } from './socket.ts';

const mebibyte = 1024 * 1024;

/**
 * Opens a socket and starts to receive at once.
 *
 * SO_REUSEADDR is not set: with it, Linux lets a second program take our UDP port and our datagrams without a word. Sockets
 * on different devices may share a port without it.
 *
 * @throws {SmeeError} with the system's code (`EADDRINUSE`, `EACCES`, `ENODEV`, …) and a sentence that says what to do, or
 *   `unsupported-platform`
 */
export function openUdp(options: UdpOptions): UdpSocket {
  const libc = c.loadLibc();
  const fd = libc.socket(c.AF_INET, c.SOCK_DGRAM | c.SOCK_CLOEXEC | c.SOCK_NONBLOCK, 0);
  if (fd < 0) throw refusal(libc.errno(), options);
  try {
    configure(libc, fd, options);
    const { size } = sockaddrIn;
    if (libc.bind(fd, socketAddress(options), size) < 0) throw refusal(libc.errno(), options);
    const { device, batch = 64, maxDatagram = 2048, joins = false, awake = false, handle, onError } = options;
    const how = { batch, maxDatagram, joins, awake };
    return new BatchSocket(libc, { ...boundTo(libc, fd), ...how, device, fd, handle, onError });
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

function configure(libc: c.Libc, fd: number, options: UdpOptions): void {
  const set = (level: number, name: number, value: Uint8Array): boolean =>
    libc.setsockopt(fd, level, name, value, value.length) === 0;
  const must = (done: boolean): void => {
    if (!done) throw refusal(libc.errno(), options);
  };

  const { device, receiveBuffer = 16 * mebibyte } = options;
  if (device === '') throw refusal('ENODEV', options); // the kernel would take it for "any device"
  if (device !== undefined) must(set(c.SOL_SOCKET, c.SO_BINDTODEVICE, cString(device)));
  // What it says to all hosts is for itself (self-probe.ts).
  must(set(c.SOL_IP, c.IP_MULTICAST_TTL, int(0)));
  must(set(c.SOL_SOCKET, c.SO_BROADCAST, int(1)));
  must(set(c.SOL_IP, c.IP_PKTINFO, int(1)));
  must(set(c.SOL_SOCKET, c.SO_RXQ_OVFL, int(1)));
  // No DF bit: a reply that is larger than the path's MTU shall arrive in fragments. Boot firmware cannot discover an MTU,
  // and the ICMP message that would tell us is often filtered, or forged.
  must(set(c.SOL_IP, c.IP_MTU_DISCOVER, int(c.IP_PMTUDISC_DONT)));
  // Above the system's limit (net.core.rmem_max) only with CAP_NET_ADMIN; else as much as we are given.
  const forced = set(c.SOL_SOCKET, c.SO_RCVBUFFORCE, int(receiveBuffer));
  if (!forced) must(set(c.SOL_SOCKET, c.SO_RCVBUF, int(receiveBuffer)));
}

function int(value: number): Uint8Array {
  const bytes = c.pinned(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

function cString(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}

function socketAddress({ address, port }: UdpOptions): Uint8Array {
  const bytes = c.pinned(sockaddrIn.size);
  const view = new DataView(bytes.buffer);
  view.setUint16(sockaddrIn.family, c.AF_INET, true);
  view.setUint16(sockaddrIn.port, port);
  view.setUint32(sockaddrIn.address, address);
  return bytes;
}

function boundTo(libc: c.Libc, fd: number): { address: Ip4; port: number } {
  const bytes = c.pinned(sockaddrIn.size);
  libc.getsockname(fd, bytes, int(sockaddrIn.size));
  const view = new DataView(bytes.buffer);
  return { address: view.getUint32(sockaddrIn.address), port: view.getUint16(sockaddrIn.port) };
}

/** Why there is no socket, and what to do about it. */
function refusal(error: string, { address, port, device }: UdpOptions): SmeeError {
  const where = `UDP port ${port} on ${device ?? formatIp4(address)}`;
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `${where} is taken; see by whom: ss -lunp 'sport = :${port}'`,
    EACCES: `no permission for ${where}; ports below 1024 need root or CAP_NET_BIND_SERVICE`,
    EPERM: `no permission to bind to the device ${device}; it needs root or CAP_NET_RAW`,
    ENODEV: `there is no network device ${JSON.stringify(device)}; see which there are: ip link`,
    EADDRNOTAVAIL: `this host has no address ${formatIp4(address)}; see which it has: ip -4 addr`,
    EMFILE: `too many open files for ${where}; raise the limit: ulimit -n`,
  };
  return new SmeeError(error, sentences[error] ?? `cannot open ${where}: ${error}`);
}
