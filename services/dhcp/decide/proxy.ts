import { mayBootUnknown, type Verdict } from '#shared/boot/gate.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import { toBytes } from '#shared/bytes.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import type { Mac } from '#shared/mac.ts';
import { maxFile, messageTypes } from '../wire/codes.ts';
import type { Request } from '../wire/request.ts';
import { platformOf } from './architecture.ts';
import {
  loaderFile,
  loaderMissingFile,
  nextServer,
  noScriptFile,
  notAllowedFile,
  scriptUrl,
  stageOf,
} from './boot-file.ts';
import { type NetbootClient, netbootClient } from './client.ts';
import { destination } from './destination.ts';
import { type Quirks, quirksOf } from './quirks.ts';
import { type Answer, type Reply, replyHeader, silent } from './reply.ts';
import type { Here } from './settings.ts';
import { vendorOptions } from './vendor-options.ts';

/** Who asks, and what we know about them. */
interface Asker {
  readonly mac: Mac;
  readonly machine: Machine | undefined;
  /** Of the boot gate. */
  readonly verdict: Verdict;
}

/**
 * The proxy modes (PXE 2.1 §2.2): another server gives the addresses, and we say what to boot, to netboot clients of an
 * architecture that we have a loader for, and nothing to anybody else. So no client is ever NAKed or harmed here.
 *
 * | message | port | option 54 | answer |
 * |---|---|---|---|
 * | DISCOVER | 67 | | OFFER |
 * | REQUEST | 67 | ours, and no address in option 50 | ACK |
 * | REQUEST | 67 | another's, or none | silence: the other server's |
 * | REQUEST | 4011 | ours, or none | ACK |
 */
export function proxyAnswer(request: Request, asker: Asker, here: Here): Answer {
  const { settings } = here;
  if (!settings.enableNetbootOptions) return silent('netboot-options-off');
  const client = netbootClient(request);
  if ('why' in client) return silent(client.why);
  const server = nextServer(client, here);
  const notForUs = whyNotForUs(request, server, here);
  if (notForUs !== undefined) return silent(notForUs);

  const { machine, verdict } = asker;
  if (machine === undefined && !verdict.allowed && !mayBootUnknown(verdict, settings.mode)) {
    return silent(verdict.why);
  }
  const quirks = quirksOf(request, machine);
  const loader =
    machine?.netboot.binary ?? platformOf(client.architectures, quirks, settings.archMapping).loader;
  if (loader === undefined) return silent('unknown-architecture');
  return reply(request, client, server, quirks, named(request, client, loader, asker, here), here);
}

/** Undefined: it is for us. Our OFFERs name the next server in option 54, which need not be an address of this host. */
function whyNotForUs(request: Request, server: Ip4, here: Here): Reason | undefined {
  const { type, serverId, requestedAddress = 0 } = request;
  if (type === 'DISCOVER') return here.onProxyPort ? 'unhandled-message-type' : undefined;
  if (serverId !== undefined && serverId !== server && !here.isOurs(serverId)) return 'other-server';
  // An address in option 50 stood in no OFFER of ours: there is a DHCP server on this very host.
  const isAboutAddress = serverId === undefined || requestedAddress !== 0;
  return isAboutAddress && !here.onProxyPort ? 'not-for-a-proxy' : undefined;
}

/** What a reply names as boot file, and why. */
interface Named {
  readonly why: Reason;
  readonly file: string;
  /** The loader that `why` speaks of. */
  readonly detail?: string;
}

/** The script is the one for all: a record's own `ipxe.url` stands in it (Smee does it so). */
function named(
  request: Request,
  client: NetbootClient,
  loader: string,
  { mac, machine, verdict }: Asker,
  here: Here,
): Named {
  if (machine !== undefined && !verdict.allowed) {
    return { why: verdict.why, file: `/${mac}${notAllowedFile}` };
  }
  const stage = stageOf(request, client, here);
  if (stage === 'script') {
    const file = scriptUrl(mac, here);
    return file === undefined ? { why: 'no-script', file: noScriptFile } : { why: 'ok', file };
  }
  // A record's own binary may lie among the assets; only the loaders of the map are known to be there or not.
  if (machine?.netboot.binary === undefined && here.missingLoaders.has(loader)) {
    return { why: 'loader-missing', file: loaderMissingFile, detail: loader };
  }
  return { why: 'ok', file: loaderFile(stage, loader, mac, here) };
}

function reply(
  request: Request,
  client: NetbootClient,
  server: Ip4,
  quirks: Quirks,
  { why, file, detail }: Named,
  here: Here,
): Reply {
  const said = request.type === 'DISCOVER' ? 'OFFER' : 'ACK';
  const { giaddr, ciaddr } = request.packet;
  const isFirstOfTwo = said === 'OFFER' && client.kind === 'PXEClient';
  const withoutFile = isFirstOfTwo && quirks.has('boot-file-on-4011');
  const withoutVendorOptions = withoutFile || (isFirstOfTwo && quirks.has('no-discovery-control'));
  return {
    said,
    why,
    detail,
    file: withoutFile ? undefined : file,
    header: {
      ...replyHeader(request),
      ciaddr: said === 'ACK' ? ciaddr : 0,
      siaddr: server,
      sname: formatIp4(server),
      file: withoutFile || isTooLong(file) ? '' : file,
    },
    options: {
      ...(withoutVendorOptions ? undefined : vendorOptions(quirks)),
      messageType: messageTypes[said],
      serverId: server,
      vendorClass: client.kind,
      clientUuid: request.uuid,
      bootFileName: withoutFile ? undefined : longFile(client, file),
      clientId: request.clientId,
      relayInfo: request.relayInfo,
    },
    // What came to 4011 is unicast, and answered where it came from.
    to: destination(said, { giaddr: here.onProxyPort ? 0 : giaddr, ciaddr, source: here.source }),
  };
}

/** Option 67: what the header cannot hold, and what HTTP Boot firmware is told to look for (UEFI 2.10 §24.7.3.1). */
function longFile({ kind }: NetbootClient, file: string): string | undefined {
  return kind === 'HTTPClient' || isTooLong(file) ? file : undefined;
}

function isTooLong(file: string): boolean {
  return toBytes(file).length > maxFile;
}
