import type { BootClient } from '#shared/events/client.ts';
import { TestReporter } from './boot-events.ts';
import { until } from './until.ts';

interface Provisioner {
  /** By flag. */
  readonly dhcp?: Readonly<Record<string, string>>;
  readonly http?: Readonly<Record<string, string>>;
  readonly artifacts?: string;
}

/**
 * Every service says hello, as those of one provisioner with loaders for x86 would, and goes on reporting until this is disposed of.
 */
export async function helloFromAll(
  boots: BootClient,
  { dhcp = {}, http = {}, artifacts = 'vmlinuz-x86_64,initramfs-x86_64' }: Provisioner = {},
): Promise<AsyncDisposable> {
  const loaders = 'undionly.kpxe,ipxe.efi';
  const hellos = [
    new TestReporter(boots, 'dhcp', {
      settings: dhcp,
      facts: { interfaces: 'lo=127.0.0.1,eth7=10.77.0.1', 'missing-loaders': 'snp-arm64.efi' },
    }),
    new TestReporter(boots, 'tftp', { settings: {}, facts: { loaders } }),
    new TestReporter(boots, 'http', { settings: http, facts: { loaders, artifacts } }),
  ];
  await until('every service is heard', async () => {
    const { unknowns } = await boots.explain({ machine: '02:00:00:00:00:01' });
    return !unknowns.some((sentence) => /has reported|reports now/.test(sentence));
  });
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(hellos.map((one) => one.end()));
    },
  };
}
