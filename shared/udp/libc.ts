import { createRequire } from 'node:module';
import { SmeeError } from '../errors.ts';
import { checkLayout } from './layout.ts';

/** Constants of Linux on x64 and arm64 (both use the kernel's generic numbers). */
export const AF_INET = 2;
export const SOCK_DGRAM = 2;
export const SOCK_NONBLOCK = 0x800;
export const SOCK_CLOEXEC = 0x8_0000;
export const MSG_TRUNC = 0x20;
export const MSG_DONTWAIT = 0x40;
export const SOL_IP = 0;
export const IP_PKTINFO = 8;
export const IP_MTU_DISCOVER = 10;
export const IP_PMTUDISC_DONT = 0;
export const IP_MULTICAST_TTL = 33;
export const SOL_TCP = 6;
export const TCP_CORK = 3;
export const SOL_UDP = 17;
export const UDP_SEGMENT = 103;
export const SOL_SOCKET = 1;
export const SO_ERROR = 4;
export const SO_BROADCAST = 6;
export const SO_RCVBUF = 8;
export const SO_BINDTODEVICE = 25;
export const SO_RCVBUFFORCE = 33;
export const SO_RXQ_OVFL = 40;
/** netdevice(7). */
export const SIOCGIFMTU = 0x8921;
export const SIOCGIFINDEX = 0x8933;

/** tcp(7): bytes that the peer has not acknowledged. */
export const SIOCOUTQ = 0x5411;
/** fcntl(2): another descriptor of the same socket. */
export const F_DUPFD_CLOEXEC = 1030;

/** epoll_create1(2), epoll_ctl(2). */
export const EPOLL_CLOEXEC = 0x8_0000;
export const EPOLL_CTL_ADD = 1;
export const EPOLL_CTL_DEL = 2;
export const EPOLL_CTL_MOD = 3;
export const EPOLLOUT = 4;
export const EPOLLONESHOT = 0x4000_0000;

const SYS_cachestat = 451;
/** The one number that is another on each. */
const SYS_preadv2 = process.arch === 'x64' ? 327 : 286;
const RWF_NOWAIT = 8;
const _SC_PAGESIZE = 30;

/** The part of libc that is needed. Every call returns at once; -1 means failure, and `errno` then says why. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  getsockname(fd: number, address: Uint8Array, length: Uint8Array): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array): number;
  recvmmsg(fd: number, messages: Uint8Array, count: number, flags: number, timeout: null): number;
  sendmmsg(fd: number, messages: Uint8Array, count: number, flags: number): number;
  /** netdevice(7): only those that take a `struct ifreq`; and SIOCOUTQ, which takes an int. */
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  close(fd: number): number;
  fcntl(fd: number, command: number, argument: number): number;
  /** @param offset where to read: 64 bits, which are moved on by what was sent */
  sendfile(to: number, from: number, offset: Uint8Array, length: number): number;
  /** The same in libuv's thread pool, so that it may wait for a disk. `errno` tells of it first thing in `done`. */
  sendfileInPool(
    to: number,
    from: number,
    offset: Uint8Array,
    length: number,
    done: (error: unknown, sent: number) => void,
  ): void;
  pread(fd: number, into: Uint8Array, length: number, at: number): number;
  /** The same in libuv's thread pool. @param into must not be on V8's moving heap: see `pinned` */
  preadInPool(
    fd: number,
    into: Uint8Array,
    length: number,
    at: number,
    done: (error: unknown, read: number) => void,
  ): void;
  /** preadv2(2) of what takes no waiting (RWF_NOWAIT): else -1, `EAGAIN`. @param into one `struct iovec` */
  preadvNow(fd: number, into: Uint8Array, at: number): number;
  epoll_create1(flags: number): number;
  epoll_ctl(epoll: number, operation: number, fd: number, event: Uint8Array | null): number;
  epoll_wait(epoll: number, events: Uint8Array, count: number, timeout: number): number;
  /** cachestat(2): how much of a file is in memory; since Linux 6.5. @param range offset and length, 64 bits each */
  cachestat(fd: number, range: Uint8Array, said: Uint8Array): number;
  /** Bytes of a page of memory. */
  pageSize(): number;
  /** The name of the last call's error: `EADDRINUSE`. */
  errno(): string;
  /** Where the bytes lie. They must stay reachable, and must not be on V8's moving heap: see `pinned`. */
  addressOf(bytes: Uint8Array): bigint;
  /** Tells libuv's own epoll to watch a descriptor: no thread, no polling. */
  watch(fd: number, interest: Interest, ready: (status: unknown) => void): Watch;
}

interface Interest {
  readonly readable: boolean;
  readonly writable: boolean;
}

/** A watched descriptor; it keeps the process alive until it is closed. */
export interface Watch {
  start(interest: Interest, ready: (status: unknown) => void): void;
  /** From now on it does not keep the process alive. */
  unref(): void;
  close(): void;
}

/**
 * Memory whose address may be handed to the kernel. V8 keeps typed arrays of up to 64 bytes on its moving heap; an explicit
 * ArrayBuffer of more than that has storage of its own, which never moves.
 */
export function pinned(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(Math.max(length, 256)), 0, length);
}

let loaded: Libc | undefined;

/**
 * libc of this process, through koffi (prebuilt; nothing is compiled). Loaded at first use, so that the rest of the program
 * also works where this cannot.
 * @throws {SmeeError} `unsupported-platform`
 */
export function loadLibc(): Libc {
  loaded ??= load();
  return loaded;
}

function unsupported(because: string, cause?: unknown): SmeeError {
  return new SmeeError(
    'unsupported-platform',
    `DHCP, TFTP and syslog need Linux on x64 or arm64: ${because}. Run smee in a container or a virtual machine.`,
    { cause },
  );
}

/** Node runs little-endian on both, which `layout.ts` relies on. @throws {SmeeError} `unsupported-platform` */
export function checkPlatform(platform: string, arch: string): void {
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64'))
    throw unsupported(`this is ${platform} on ${arch}`);
}

function load(): Libc {
  checkPlatform(process.platform, process.arch);
  const koffi = loadKoffi();
  const wrong = checkLayout(koffi);
  if (wrong !== undefined) throw unsupported(wrong);

  const libc = koffi.load(null); // the symbols that node itself is linked with: glibc or musl
  const sendfile = libc.func('long sendfile(int, int, void *, size_t)');
  const pread = libc.func('long pread(int, void *, size_t, int64_t)');
  const syscall = libc.func('long syscall(long, int, void *, void *, unsigned int)');
  const preadv2 = libc.func('long syscall(long, int, void *, long, int64_t, long, int)');
  const sysconf = libc.func('long sysconf(int)');
  const names = errorNames(koffi.os.errno);
  return {
    socket: libc.func('int socket(int, int, int)'),
    bind: libc.func('int bind(int, const void *, uint32_t)'),
    getsockname: libc.func('int getsockname(int, void *, void *)'),
    setsockopt: libc.func('int setsockopt(int, int, int, const void *, uint32_t)'),
    getsockopt: libc.func('int getsockopt(int, int, int, void *, void *)'),
    recvmmsg: libc.func('int recvmmsg(int, void *, unsigned int, int, void *)'),
    sendmmsg: libc.func('int sendmmsg(int, void *, unsigned int, int)'),
    ioctl: libc.func('int ioctl(int, unsigned long, void *)'),
    close: libc.func('int close(int)'),
    fcntl: libc.func('int fcntl(int, int, int)'),
    sendfile,
    sendfileInPool: sendfile.async,
    pread,
    preadInPool: pread.async,
    preadvNow: (fd, into, at) => preadv2(SYS_preadv2, fd, into, 1, at, 0, RWF_NOWAIT),
    epoll_create1: libc.func('int epoll_create1(int)'),
    epoll_ctl: libc.func('int epoll_ctl(int, int, int, void *)'),
    epoll_wait: libc.func('int epoll_wait(int, void *, int, int)'),
    cachestat: (fd, range, said) => syscall(SYS_cachestat, fd, range, said, 0),
    pageSize: () => sysconf(_SC_PAGESIZE),
    errno: () => names.get(koffi.errno()) ?? `errno ${koffi.errno()}`,
    addressOf: (bytes) => koffi.address(bytes),
    watch: (fd, interest, ready) => koffi.node.poll(fd, interest, ready),
  };
}

function loadKoffi(): typeof import('koffi') {
  try {
    return createRequire(import.meta.url)('koffi');
  } catch (cause) {
    throw unsupported('its package koffi has no binary here (was it installed with --omit=optional?)', cause);
  }
}

/** EWOULDBLOCK is EAGAIN, ENOTSUP is EOPNOTSUPP: the first name stays. */
function errorNames(codes: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const [name, code] of Object.entries(codes)) if (!names.has(code)) names.set(code, name);
  return names;
}
