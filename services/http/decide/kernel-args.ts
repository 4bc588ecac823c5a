// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is iPXE that expands these.
import type { Machine } from '#shared/hardware/machine.ts';

/** What the settings say about the kernel line. */
export interface KernelSettings {
  readonly syslogHost: string;
  readonly tinkServer: string | undefined;
  readonly tinkServerTls: boolean;
  readonly tinkServerInsecureTls: boolean;
  readonly extraKernelArgs: string | undefined;
}

/**
 * The kernel line's arguments, in Smee's order (the in-memory OS reads them from /proc/cmdline, and the last of two wins): who
 * the machine is and whom it works for, what the OS needs, the operator's extras, then the machine's own.
 *
 * @param initrd the image's name as iPXE knows it: the last element of its path
 */
export function kernelArgs(machine: Machine, initrd: string, settings: KernelSettings): readonly string[] {
  const { dhcp, netboot } = machine;
  return [
    ...(dhcp.vlanId === undefined ? [] : [`vlan_id=${dhcp.vlanId}`]),
    `facility=${machine.facility ?? ''}`,
    `syslog_host=${settings.syslogHost}`,
    `grpc_authority=${settings.tinkServer ?? ''}`,
    `tinkerbell_tls=${settings.tinkServerTls}`,
    `tinkerbell_insecure_tls=${settings.tinkServerInsecureTls}`,
    `worker_id=${machine.agentId ?? dhcp.mac}`,
    `hw_addr=${dhcp.mac}`,
    'modules=loop,squashfs,sd-mod,usb-storage',
    'intel_iommu=on',
    'iommu=pt',
    `initrd=${initrd}`,
    'console=tty0',
    'console=ttyS1,115200',
    ...(settings.extraKernelArgs === undefined ? [] : [settings.extraKernelArgs]),
    ...netboot.osie.kernelParams,
  ];
}

/** The same for any machine, in Smee's order: iPXE puts its own MAC in, and every console there may be gets the output. */
export function anyKernelArgs(initrd: string, settings: KernelSettings): readonly string[] {
  return [
    `syslog_host=${settings.syslogHost}`,
    `grpc_authority=${settings.tinkServer ?? ''}`,
    `tinkerbell_tls=${settings.tinkServerTls}`,
    'worker_id=${mac}',
    'hw_addr=${mac}',
    ...['tty1', 'tty2', 'ttyAMA0,115200', 'ttyAMA1,115200', 'ttyS0,115200', 'ttyS1,115200'].map(
      (console) => `console=${console}`,
    ),
    'intel_iommu=on',
    'iommu=pt',
    ...(settings.extraKernelArgs === undefined ? [] : [settings.extraKernelArgs]),
    `initrd=${initrd}`,
  ];
}
