import { readFileSync } from 'node:fs';
import { ifreq } from './layout.ts';
import { AF_INET, loadLibc, pinned, SIOCGIFINDEX, SIOCGIFMTU, SOCK_CLOEXEC, SOCK_DGRAM } from './libc.ts';

/** A network interface, as the kernel has it. */
export interface Device {
  readonly name: string;
  /** Never 0. */
  readonly index: number;
  /** Bytes. */
  readonly mtu: number;
}

/**
 * Every network interface of this process, up or not, with an address or without. Not from /sys, which shows the network
 * namespace that mounted it: not ours under `nsenter --net`.
 * @throws {SmeeError} `unsupported-platform`
 */
export function devices(): readonly Device[] {
  const libc = loadLibc();
  const fd = libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return [];
  try {
    const request = pinned(ifreq.size);
    const view = new DataView(request.buffer);
    const ask = (name: string, what: number): number | undefined => {
      request.fill(0);
      new TextEncoder().encodeInto(name, request.subarray(0, ifreq.value - 1));
      return libc.ioctl(fd, what, request) < 0 ? undefined : view.getInt32(ifreq.value, true);
    };
    return names().flatMap((name) => {
      const index = ask(name, SIOCGIFINDEX);
      const mtu = ask(name, SIOCGIFMTU);
      // It has gone in between.
      return index === undefined || mtu === undefined ? [] : [{ name, index, mtu }];
    });
  } finally {
    libc.close(fd);
  }
}

/** proc(5), /proc/net/dev: two lines of headings, then `  eth0: 1 2 …`. Empty where there is no /proc. */
function names(): string[] {
  try {
    const lines = readFileSync('/proc/self/net/dev', 'utf8').split('\n').slice(2);
    return lines.flatMap((line) => /^\s*(\S+):/.exec(line)?.[1] ?? []);
  } catch {
    return [];
  }
}
