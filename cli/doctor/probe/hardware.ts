import { formatHostPort } from '#shared/config.ts';
import { messageOf } from '#shared/errors.ts';
import { connectBoots } from '#shared/events/client.ts';
import type { ClientSettings } from '#shared/grpc/settings.ts';
import { connectHardware } from '#shared/hardware/client.ts';
import type { Hardware } from '#shared/hardware/contract.ts';
import { parseIp4 } from '#shared/ip4.ts';
import type { HardwareFact, RecordFact } from '../facts.ts';
import { macPrefix } from './offers.ts';

const options = { deadlineMs: 3000 };

/** How many of the latest boots are looked at. */
const enoughBoots = 200;

/** Asks the hardware service for all records, and for the architectures that booted last. */
export async function probeHardware(settings: ClientSettings, local: boolean): Promise<HardwareFact> {
  const where = formatHostPort(settings.hardwareAddr);
  const boots = seenBoots(settings);
  try {
    using client = connectHardware(settings, options);
    const records: RecordFact[] = [];
    for await (const record of client.list()) records.push(...factsOf(record));
    return { where, local, failure: undefined, records, ...(await boots) };
  } catch (error) {
    const failure = shorten(messageOf(error), where);
    return { where, local, failure, records: undefined, ...(await boots) };
  }
}

/** gRPC tells the whole story of its attempts; the system's own words are in the middle of it. */
function shorten(message: string, where: string): string {
  const [refused] = /connect E[A-Z]+ [^\s]*[^\s.]/.exec(message) ?? [];
  return (
    refused ?? message.replace(`the hardware service at ${where} does not answer: `, '').replace(/\.$/, '')
  );
}

/** What booted last; nothing where boots are not kept. */
async function seenBoots(
  settings: ClientSettings,
): Promise<Pick<HardwareFact, 'seenArchitectures' | 'lastBoot'>> {
  try {
    using client = connectBoots(settings, options);
    const { boots: all } = await client.list({ pageSize: enoughBoots, latest: true });
    // An earlier doctor is no machine.
    const boots = all.filter(({ machine }) => machine?.mac?.startsWith(macPrefix) !== true);
    const times = boots.map(({ lastUnixMilli = 0 }) => lastUnixMilli);
    return {
      seenArchitectures: [...new Set(boots.flatMap(({ arch = '' }) => (arch === '' ? [] : [arch])))],
      lastBoot: times.length === 0 ? undefined : Math.max(...times),
    };
  } catch {
    return { seenArchitectures: [], lastBoot: undefined };
  }
}

function factsOf({ name = '', interfaces }: Hardware): readonly RecordFact[] {
  return interfaces.flatMap(({ dhcp, netboot, disableDhcp }) => {
    if (dhcp?.mac === undefined || dhcp.mac === '') return [];
    const { ip, timeServers, arch = '', uefi = false, tftpServerName = '', bootFileName = '' } = dhcp;
    const named = tftpServerName !== '' || bootFileName !== '';
    return [
      {
        name,
        mac: dhcp.mac,
        address: disableDhcp === true ? undefined : parseIp4(ip?.address ?? ''),
        gateway: parseIp4(ip?.gateway ?? ''),
        timeServers: timeServers.flatMap((text) => parseIp4(text) ?? []),
        boots: netboot?.allowPxe === true && disableDhcp !== true && !named,
        arch,
        uefi,
        binary: netboot?.ipxe?.binary || undefined,
      },
    ];
  });
}
