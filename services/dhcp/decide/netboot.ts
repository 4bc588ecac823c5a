import type { Verdict } from '#shared/boot/gate.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import type { Ip4 } from '#shared/ip4.ts';
import type { OptionValues } from '../wire/codes.ts';
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
import { netbootClient } from './client.ts';
import { quirksOf } from './quirks.ts';
import type { Here } from './settings.ts';
import { noProxyToWaitFor, tracedVendorOptions } from './vendor-options.ts';

/** What a reply says about booting. */
export interface Boot {
  readonly why: Reason;
  /** The file that `why` speaks of, where it speaks of one. */
  readonly detail?: string;
  /** The boot file or URL; undefined when there is nothing to boot. */
  readonly file: string | undefined;
  readonly siaddr: Ip4;
  readonly options: OptionValues;
}

/** @param verdict of the boot gate, for this machine */
export function netboot(request: Request, machine: Machine, verdict: Verdict, here: Here): Boot {
  const explicit = explicitFile(machine, here);
  if (explicit !== undefined) return explicit;
  const client = netbootClient(request);
  if ('why' in client) return noBoot(client.why, here);
  if (!here.settings.enableNetbootOptions) return noBoot('netboot-options-off', here);

  const hello: OptionValues = {
    clientUuid: request.uuid,
    // HTTP Boot firmware takes only an offer that says so (UEFI 2.10 §24.7.3.1).
    vendorClass: client.kind === 'HTTPClient' ? 'HTTPClient' : undefined,
  };
  const refuse = (why: Reason, file: string, detail?: string): Boot => {
    return { why, ...(detail !== undefined && { detail }), file, siaddr: 0, options: hello };
  };
  if (!verdict.allowed) return refuse(verdict.why, notAllowedFile);
  const quirks = quirksOf(request, machine);
  const { loader, name } = platformOf(client.architectures, quirks, here.settings.archMapping);
  const own = machine.netboot.binary;
  const binary = own ?? loader;
  if (binary === undefined) return refuse('unknown-architecture', notAllowedFile, name);

  const stage = stageOf(request, client, here);
  // A record's own binary may lie among the assets; only the loaders of the map are known to be there or not.
  if (stage !== 'script' && own === undefined && here.missingLoaders.has(binary)) {
    return refuse('loader-missing', loaderMissingFile, binary);
  }
  const { mac } = machine.dhcp;
  const file =
    stage === 'script'
      ? (machine.netboot.scriptUrl ?? scriptUrl(mac, here))
      : loaderFile(stage, binary, mac, here);
  const siaddr = nextServer(client, here);
  const options = { ...hello, ...tracedVendorOptions(quirks) };
  if (file === undefined) return { why: 'no-script', file: noScriptFile, siaddr, options };
  return {
    why: 'ok',
    file,
    siaddr,
    options: {
      ...options,
      // HTTP Boot firmware is told to look here first (UEFI 2.10 §24.7.3.1), and some looks nowhere else.
      bootFileName: stage === 'loader-by-http' ? file : undefined,
      ...(request.ipxe && noProxyToWaitFor),
    },
  };
}

/**
 * A record with its own server and file has them sent as they are, to every client; one of the two alone is not enough to
 * boot from, but it too says that this machine's booting is not ours to decide.
 */
function explicitFile(machine: Machine, here: Here): Boot | undefined {
  const { tftpServerName, bootFileName } = machine.dhcp;
  if (!tftpServerName && !bootFileName) return undefined;
  if (!tftpServerName || !bootFileName) return noBoot('explicit-boot-file', here);
  return {
    ...noBoot('explicit-boot-file', here),
    file: bootFileName,
    options: { tftpServerName, bootFileName },
  };
}

function noBoot(why: Reason, here: Here): Boot {
  return { why, file: undefined, siaddr: here.address, options: {} };
}
