import type { DhcpMessage } from 'dhcp/lib/protocol.js';
import type { Reason } from '#shared/boot/reasons.ts';
import { untraced } from './compare.ts';
import {
  ACK,
  type DhcpClient,
  DISCOVER,
  NAK,
  OFFER,
  RELEASE,
  REQUEST,
  type Say,
  textOption,
  typeOf,
} from './dhcp.ts';
import { StepError } from './failure.ts';
import type { StepName, Steps, Told } from './steps.ts';

/** What DHCP gave. */
export interface Lease {
  readonly address: string;
  /** Option 54. */
  readonly server: string;
  /** siaddr, or the server where that is 0. */
  readonly nextServer: string;
  /** A name for TFTP, or a URL. */
  readonly file: string;
  /** Option 7's first. */
  readonly logServer: string | undefined;
}

/** Boot files that are not files: how a server says no to a machine that it gives an address. */
const refusals: Readonly<Record<string, Reason>> = {
  'netboot-not-allowed': 'netboot-not-allowed',
  'no-ipxe-script-defined': 'no-script',
};

/** DISCOVER, OFFER, REQUEST, ACK. @throws {StepError} with the reason when there is nothing to boot */
export async function acquire(
  dhcp: DhcpClient,
  options: Say['options'],
  [discover, request]: readonly [discover: StepName, request: StepName],
  steps: Steps,
): Promise<Lease> {
  const offer = await steps.run(discover, async () => {
    const lease = leaseOf(await dhcp.ask({ type: DISCOVER, options }, [OFFER]));
    return [lease, `${lease.server} offers ${lease.address} and ${lease.file}`];
  });
  return await steps.run(request, async () => {
    const asked = { ...options, 50: offer.address, 54: offer.server };
    const reply = await dhcp.ask({ type: REQUEST, options: asked }, [ACK, NAK]);
    if (typeOf(reply) === NAK) throw new StepError(`NAK: ${textOption(reply, 56)}`, 'wrong-address');
    const lease = leaseOf(reply);
    if (lease.address !== offer.address || untraced(lease.file) !== untraced(offer.file)) {
      throw new StepError(`the ACK (${lease.address}, ${lease.file}) is not what was offered`);
    }
    return [lease, `${lease.address} for ${spell(reply.options[51])}`];
  });
}

/** Gives the address back. Nobody answers a RELEASE. */
export async function release(dhcp: DhcpClient, lease: Lease): Promise<Told<void>> {
  await dhcp.tell({ type: RELEASE, ciaddr: lease.address, options: { 54: lease.server } });
  return [undefined, `${lease.address} given back`];
}

function leaseOf(message: DhcpMessage): Lease {
  const { yiaddr, siaddr, file, options } = message;
  const server = options[54];
  if (typeof server !== 'string') throw new StepError('the answer has no option 54');
  const bootFile = file === '' ? textOption(message, 67) : file;
  const why = refusals[bootFile.split('/').at(-1) ?? ''];
  if (why !== undefined) throw new StepError(`${yiaddr} is offered, but no boot: ${why}`, why);
  if (bootFile === '') throw new StepError(`${yiaddr} is offered, but no boot file`);
  const logServers = options[7];
  return {
    address: yiaddr,
    server,
    nextServer: siaddr === '0.0.0.0' ? server : siaddr,
    file: bootFile,
    logServer: Array.isArray(logServers) ? logServers.find((one) => typeof one === 'string') : undefined,
  };
}

/** Seconds as a person says them. */
function spell(seconds: unknown): string {
  if (typeof seconds !== 'number') return 'no stated time';
  if (seconds % 86_400 === 0) return seconds === 86_400 ? '1 day' : `${seconds / 86_400} days`;
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${seconds} s`;
}
