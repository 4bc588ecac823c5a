import type { Reason } from '#shared/boot/reasons.ts';
import { anyAddress, formatIp4, type Ip4 } from '#shared/ip4.ts';
import { answer } from '../../../dhcp/decide/answer.ts';
import { messageLimit } from '../../../dhcp/decide/limit.ts';
import type { Reply } from '../../../dhcp/decide/reply.ts';
import type { Here } from '../../../dhcp/decide/settings.ts';
import { encode } from '../../../dhcp/wire/encode.ts';
import { leftOutCodes, packOptions } from '../../../dhcp/wire/options.ts';
import { nameOf } from '../../../dhcp/wire/print.ts';
import type { Request } from '../../../dhcp/wire/request.ts';
import { type Client, requestOf } from './client.ts';
import { shownFile } from './show.ts';
import { detailsOf, type Step, type Told } from './step.ts';
import { machineIn, standIns, type World } from './world.ts';

/** What the MTU of an Ethernet is that nobody told of. */
const usualMtu = 1500;

const clientPort = 68;

/**
 * One client's DHCP: DISCOVER and REQUEST, or in the proxy modes what of them is for us. Gives back the reply that names the
 * boot file, unless a step said no.
 */
export function* askDhcp(world: World, client: Client): Generator<Told, Reply | undefined> {
  const offer = ask(world, client, requestOf(client, world.mac, { type: 'DISCOVER' }), {});
  yield offer.step;
  if (offer.reply === undefined) return undefined;
  const { reply } = offer;
  const { serverId } = reply.options;
  if (world.dhcp.settings.mode === 'reservation') {
    const requestedAddress = reply.header.yiaddr;
    const request = requestOf(client, world.mac, { type: 'REQUEST', serverId, requestedAddress });
    const ack = ask(world, client, request, {});
    yield ack.step;
    return ack.reply;
  }
  // Firmware that was told the file, and that discovery is over, asks no more.
  if (reply.file !== undefined && reply.options.vendorOptions !== undefined) return reply;
  const ciaddr = machineIn(world)?.dhcp.address ?? standIns.machine;
  const source = { address: ciaddr, port: clientPort };
  const request = requestOf(client, world.mac, { type: 'REQUEST', ciaddr, serverId });
  const ack = ask(world, client, request, { source, onProxyPort: true });
  yield ack.step;
  return ack.reply;
}

interface Asked {
  readonly step: Step;
  /** Undefined when the machine cannot boot from it. */
  readonly reply: Reply | undefined;
}

/** What the service answers to a request, by its own decision. */
function ask(world: World, client: Client, request: Request, from: Partial<Here>): Asked {
  const { dhcp } = world;
  const port = from.onProxyPort === true ? ' on port 4011' : '';
  const asks = `${request.type} of ${client.who}${port}`;
  if (!dhcp.enabled) return { step: silence(asks, 'service-off', 'dhcp-enabled'), reply: undefined };
  const answered = answer(request, machineIn(world), hereOf(world, from));
  if (answered.said === 'silent') {
    const leftOut = answered.why === 'unknown-machine' ? world.leftOut : undefined;
    const step = leftOut
      ? silence(asks, 'record-left-out', `${leftOut.name}: ${leftOut.what}`)
      : silence(asks, answered.why, answered.why === 'unknown-machine' ? world.heard : undefined);
    return { step, reply: undefined };
  }
  const leftOut = leftOutOf(request, answered);
  const why: Reason = answered.why === 'ok' && leftOut.length > 0 ? 'reply-too-big' : answered.why;
  const outcome = canBootFrom(answered, leftOut) ? 'yes' : 'no';
  const step: Step = {
    ...{ stage: 'dhcp', service: 'dhcp', asks, outcome, said: answered.said, why },
    details: detailsOf({
      file: shownFile(answered.file),
      ip: shownAddress(answered.header.yiaddr),
      detail: answered.detail,
      leftOut: leftOut.length === 0 ? undefined : leftOut.join(', '),
    }),
  };
  return { step, reply: outcome === 'yes' ? answered : undefined };
}

function silence(asks: string, why: Reason, detail: string | undefined): Step {
  return {
    ...{ stage: 'dhcp', service: 'dhcp', asks, outcome: 'no', said: 'silent', why },
    details: detailsOf({ detail }),
  };
}

function hereOf({ dhcp, synced }: World, from: Partial<Here> = {}): Here {
  const { settings, address, addresses, missingLoaders } = dhcp;
  return {
    address,
    isOurs: (other) => other === address || addresses.has(other),
    source: { address: anyAddress, port: clientPort },
    onProxyPort: false,
    synced,
    missingLoaders,
    trace: undefined,
    settings,
    ...from,
  };
}

/** A file of the record's own is one; what merely says no on the machine's screen is none. */
function canBootFrom({ said, why, file, header }: Reply, leftOut: readonly string[]): boolean {
  if (why === 'explicit-boot-file') return file !== undefined;
  if (why !== 'ok') return false;
  // The OFFER of the proxy modes may leave the file to the ACK.
  if (file === undefined) return said === 'OFFER';
  return header.file !== '' || !leftOut.includes('bootFileName');
}

/** Names of the options that a client of this size does not get. */
function leftOutOf(request: Request, reply: Reply): readonly string[] {
  const limit = messageLimit(request, usualMtu);
  const { leftOut } = encode(reply.header, packOptions(reply.options), limit, leftOutCodes);
  return leftOut.map((code) => nameOf(code) ?? `${code}`);
}

function shownAddress(address: Ip4): string | undefined {
  return address === anyAddress || address === standIns.machine ? undefined : formatIp4(address);
}
