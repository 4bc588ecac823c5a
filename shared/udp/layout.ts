/**
 * Where the kernel's structures have their fields, in bytes. x64 and arm64 Linux are both LP64 and little-endian, so one
 * layout serves both; glibc and musl agree on it (musl names the upper halves of two lengths padding, and they are zero).
 * `checkLayout` compares it with what the C compiler's rules say on the machine at hand.
 */

/** `struct sockaddr_in` (ip(7)). Port and address are in network order, the family is not. */
export const sockaddrIn = { size: 16, family: 0, port: 2, address: 4 } as const;

/** `struct iovec` (readv(2)). */
export const iovec = { size: 16, base: 0, length: 8 } as const;

/** `struct mmsghdr` (recvmmsg(2)): a `struct msghdr`, then the bytes that were received or sent. */
export const mmsghdr = {
  size: 64,
  name: 0,
  nameLength: 8,
  iov: 16,
  iovCount: 24,
  control: 32,
  controlLength: 40,
  flags: 48,
  bytes: 56,
} as const;

/** `struct cmsghdr` (cmsg(3)): its data follow at `size`; the next header starts at a multiple of `align`. */
export const cmsghdr = { size: 16, length: 0, level: 8, type: 12, align: 8 } as const;

/** CMSG_SPACE: what a control message of so many bytes of data takes, header and padding included. */
export function cmsgSpace(dataLength: number): number {
  return cmsghdr.size + Math.ceil(dataLength / cmsghdr.align) * cmsghdr.align;
}

/** `struct in_pktinfo` (IP_PKTINFO in ip(7)); `specDst` is our own address, in network order. */
export const pktinfo = { size: 12, ifindex: 0, specDst: 4 } as const;

/** `struct ifreq` (netdevice(7)): a name of 16 bytes, and one value, of 24 at most; an index or MTU is an int. */
export const ifreq = { size: 40, value: 16 } as const;

type Koffi = Pick<typeof import('koffi'), 'struct' | 'sizeof' | 'offsetof'>;

/** What is wrong with the layout on this machine; undefined when it holds. */
export function checkLayout(koffi: Koffi): string | undefined {
  const { struct, sizeof, offsetof } = koffi;
  const msghdr = struct({
    name: 'void *',
    nameLength: 'uint32_t',
    iov: 'void *',
    iovCount: 'size_t',
    control: 'void *',
    controlLength: 'size_t',
    flags: 'int',
  });
  const real = [
    [
      'sockaddr_in',
      struct({ family: 'uint16_t', port: 'uint16_t', address: 'uint32_t', zero: 'uint64_t' }),
      sockaddrIn,
    ],
    ['iovec', struct({ base: 'void *', length: 'size_t' }), iovec],
    [
      'mmsghdr',
      struct({ header: msghdr, bytes: 'unsigned int' }),
      { size: mmsghdr.size, bytes: mmsghdr.bytes },
    ],
    ['msghdr', msghdr, { ...mmsghdr, size: mmsghdr.bytes, bytes: undefined }],
    ['cmsghdr', struct({ length: 'size_t', level: 'int', type: 'int' }), { ...cmsghdr, align: undefined }],
    ['in_pktinfo', struct({ ifindex: 'int', specDst: 'uint32_t', address: 'uint32_t' }), pktinfo],
  ] as const;
  for (const [name, type, { size, ...fields }] of real) {
    if (sizeof(type) !== size) return `struct ${name} has ${sizeof(type)} bytes, not ${size}`;
    for (const [field, offset] of Object.entries(fields)) {
      if (offset !== undefined && offsetof(type, field) !== offset)
        return `field ${field} of struct ${name} is at ${offsetof(type, field)}, not ${offset}`;
    }
  }
  return undefined;
}
