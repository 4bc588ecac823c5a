import type { Reason } from '#shared/boot/reasons.ts';
import type { HardwareClient } from '#shared/hardware/client.ts';
import { toMachines } from '#shared/hardware/convert.ts';
import type { Mac } from '#shared/mac.ts';
import type { StepName } from './steps.ts';

/** DHCP says no by saying nothing: the reason then stands in the machine's record, and in the service's log. */
export async function whySilent(
  hardware: HardwareClient,
  mac: Mac,
  step: StepName | undefined,
): Promise<Reason | undefined> {
  if (step !== 'discover' && step !== 'ipxe-discover') return undefined;
  const record = await hardware.get({ mac }).catch(() => undefined);
  if (record === undefined) return 'unknown-machine';
  const found = toMachines(record).machines.find(({ dhcp }) => dhcp.mac === mac);
  if (found?.dhcp.disabled === true) return 'dhcp-disabled';
  if (found?.dhcp.address === undefined) return 'no-address';
  return undefined;
}
