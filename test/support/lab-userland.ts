import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { missing, need, unpackedFile } from './clients.ts';
import type { Namespace } from './lab.ts';

/** The drivers of a virtual network card, in the order in which they depend on each other. */
const modules = [
  'failover',
  'net_failover',
  'virtio_ring',
  'virtio',
  'virtio_pci_modern_dev',
  'virtio_pci_legacy_dev',
  'virtio_pci',
  'virtio_net',
];

/**
 * The first process of the userland: gets an address, sends one syslog line, tells the nonce of the kernel line to the URL of
 * the kernel line, and switches the machine off.
 */
const init = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
# Whichever console the kernel prefers: the first serial line is read, by its name on x86 or on ARM.
exec >/dev/$([ -e /sys/class/tty/ttyAMA0 ] && echo ttyAMA0 || echo ttyS0) 2>&1
for module in ${modules.join(' ')}; do insmod /lib/$module.ko; done
value() { sed -n "s/.*\\b$1=\\([^ ]*\\).*/\\1/p" /proc/cmdline; }
ip link set eth0 up
udhcpc -i eth0 -n -q -t 10 -T 1 -s /lease || echo "userland: no address"
syslogd -R "$(value syslog_host):514" && logger -t userland "up with nonce $(value nonce)"
wget -q -O - "$(value phone_home)?nonce=$(value nonce)" || echo "userland: nobody heard it"
echo "userland: done"
poweroff -f
`;

const lease = `#!/bin/sh
[ "$1" = bound ] && ip addr add "$ip/$mask" dev "$interface"
exit 0
`;

/** What there is a kernel for: under this name in our default script, and in this folder of what `.ci/install` unpacks. */
const unpackedFor = { x86_64: '.', aarch64: 'arm64' } as const;

/** Puts a real kernel, and an initramfs made of busybox, into a folder, under the names of our default script. */
export async function makeUserland(
  test: Mocha.Context,
  place: Namespace,
  folder: string,
  arch: keyof typeof unpackedFor,
): Promise<void> {
  need(test, 'cpio', 'cpio');
  const unpacked = (path: string) => unpackedFile(join(unpackedFor[arch], path));
  const boot = await readdir(unpacked('boot')).catch(() => []);
  const kernel = boot.find((name) => name.startsWith('vmlinuz-'));
  if (kernel === undefined) missing(test, `no ${arch} kernel to boot; .ci/install (as root) unpacks one`);
  await mkdir(folder, { recursive: true });
  await copyFile(unpacked(join('boot', kernel)), join(folder, `vmlinuz-${arch}`));

  const tree = join(folder, '..', `initramfs-${arch}`);
  for (const name of ['bin', 'lib', 'proc', 'sys', 'dev']) await mkdir(join(tree, name), { recursive: true });
  await copyFile(unpacked('bin/busybox'), join(tree, 'bin/busybox'));
  for (const [name, text] of [
    ['init', init],
    ['lease', lease],
  ] as const) {
    await writeFile(join(tree, name), text);
    await chmod(join(tree, name), 0o755);
  }
  const drivers = unpacked(join('lib/modules', kernel.replace('vmlinuz-', ''), 'kernel'));
  for (const path of await readdir(drivers, { recursive: true })) {
    const name = basename(path);
    if (modules.some((module) => name === `${module}.ko`))
      await copyFile(join(drivers, path), join(tree, 'lib', name));
  }
  const pack = 'find . | cpio --quiet -o -H newc -R 0:0 | gzip -1 >"$0"';
  await place.run('sh', ['-ec', pack, join(folder, `initramfs-${arch}`)], { cwd: tree });
}
