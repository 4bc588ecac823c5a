import { need } from './clients.ts';
import { type PowerOn, plugIn } from './lab-machine.ts';

const firmware = '/usr/lib/u-boot/qemu_arm64/u-boot.bin';

/**
 * An ARM64 board with U-Boot, at whose prompt somebody types. One line: while the network works, U-Boot looks for Ctrl-C and
 * loses what else is typed. The spaces before it stop U-Boot from booting by itself, and a few of them may be lost, too.
 */
export const uBoot =
  (commands: string): PowerOn =>
  async (test, lab, { name, mac }) =>
    // As a legacy device U-Boot reads its MAC wrong: six times the first byte.
    await plugIn(test, lab, name, `virtio-net-pci,mac=${mac},romfile=,disable-legacy=on`, {
      command: need(test, 'qemu-system-aarch64', 'qemu-system-arm u-boot-qemu'),
      args: ['-machine', 'virt', '-cpu', 'cortex-a57', '-m', '1024', '-bios', firmware],
      input: `${' '.repeat(16)}${commands}\n`,
    });
