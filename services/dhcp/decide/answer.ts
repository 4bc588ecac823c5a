import { mayBoot, type Verdict } from '#shared/boot/gate.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import { toBytes } from '#shared/bytes.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { bootRequest, broadcastFlag, maxFile, messageTypes } from '../wire/codes.ts';
import type { Request } from '../wire/request.ts';
import { addressOptions } from './address-options.ts';
import { destination } from './destination.ts';
import { netboot } from './netboot.ts';
import { proxyAnswer } from './proxy.ts';
import { type Answer, type Reply, replyHeader, silent } from './reply.ts';
import { type Turn, turn } from './reservation.ts';
import type { Here } from './settings.ts';

/**
 * What a request is answered with, in every mode. Total and pure.
 *
 * @param machine the record with the client's MAC, if there is one
 */
export function answer(request: Request, machine: Machine | undefined, here: Here): Answer {
  if (request.packet.op !== bootRequest) return silent('not-a-request');
  if (request.mac === undefined) return silent('not-ethernet');
  if (request.type === undefined) return silent('no-message-type');
  if (here.address === 0) return silent('no-server-address');
  const verdict = mayBoot(machine === undefined ? [] : [machine], here.synced);
  if (machine?.dhcp.disabled) return silent('dhcp-disabled');
  if (here.settings.mode !== 'reservation') {
    return proxyAnswer(request, { mac: request.mac, machine, verdict }, here);
  }
  if (machine === undefined) return silent(verdict.allowed ? 'unknown-machine' : verdict.why);
  return reservationAnswer(request, machine, verdict, here);
}

function reservationAnswer(request: Request, machine: Machine, verdict: Verdict, here: Here): Answer {
  const { say, why } = turn(request, machine.dhcp.address, here.isOurs);
  switch (say) {
    case 'silent':
      return silent(why);
    case 'NAK':
      return refuse(request, why, here);
    default:
      return grant(say, request, machine, verdict, here);
  }
}

function grant(
  say: Exclude<Turn['say'], 'silent' | 'NAK'>,
  request: Request,
  machine: Machine,
  verdict: Verdict,
  here: Here,
): Reply {
  const boot = netboot(request, machine, verdict, here);
  const { giaddr, ciaddr } = request.packet;
  const said = say === 'OFFER' ? 'OFFER' : 'ACK';
  // RFC 2131 §4.3.5: an answer to INFORM has neither yiaddr nor lease times.
  const hasLease = say !== 'INFORM-ACK';
  const { address = 0, leaseTime } = machine.dhcp;
  // A longer name stands in option 67 alone.
  const inHeader = toBytes(boot.file ?? '').length <= maxFile;
  return {
    said,
    why: boot.why,
    detail: boot.detail,
    file: boot.file,
    header: {
      ...replyHeader(request),
      ciaddr: said === 'ACK' ? ciaddr : 0,
      yiaddr: hasLease ? address : 0,
      siaddr: boot.siaddr,
      file: inHeader ? (boot.file ?? '') : '',
    },
    options: {
      // What is spread into a literal first costs little, what comes later much: this is every packet's way.
      ...addressOptions(machine.dhcp, here.settings.syslogIp ?? here.address),
      ...boot.options,
      bootFileName: inHeader ? boot.options.bootFileName : boot.file,
      messageType: messageTypes[said],
      leaseTime: hasLease ? leaseTime : undefined,
      serverId: here.address,
      clientId: request.clientId,
      relayInfo: request.relayInfo,
    },
    to: destination(say, { giaddr, ciaddr, source: here.source }),
  };
}

/** RFC 2131 §4.3.1, table 3: a NAK has no address at all, and only these options. */
function refuse(request: Request, why: Reason, here: Here): Reply {
  const header = replyHeader(request);
  const { giaddr, ciaddr } = request.packet;
  // §4.3.2: the relay is to broadcast it, since the client may not have the address that it says.
  const flags = giaddr === 0 ? header.flags : header.flags | broadcastFlag;
  return {
    said: 'NAK',
    why,
    detail: undefined,
    file: undefined,
    header: { ...header, flags },
    options: {
      messageType: messageTypes.NAK,
      message: 'this address is not reserved for this machine',
      serverId: here.address,
      clientId: request.clientId,
      relayInfo: request.relayInfo,
    },
    to: destination('NAK', { giaddr, ciaddr, source: here.source }),
  };
}
