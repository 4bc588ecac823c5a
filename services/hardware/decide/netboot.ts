import type { Violations } from './collect.ts';
import type { IsobootRecord, NetbootRecord } from './record.ts';
import * as rules from './rules.ts';

// Larger than any script or boot menu that a person writes.
const textSize = 65_536;
const maxParams = 256;

/** Every violation of what an interface may boot. What it names ends up on script lines, kernel lines and in DHCP options. */
export function checkNetboot(path: string, netboot: NetbootRecord, violations: Violations): void {
  const { ipxe, osie, pxelinux, rpi } = netboot;
  const check = (field: string, value: string | undefined, rule: rules.Rule) =>
    violations.check(`${path}.${field}`, value, rule);
  check('ipxe.url', ipxe?.url, rules.httpUrl);
  check('ipxe.contents', ipxe?.contents, rules.lines(textSize));
  check('ipxe.binary', ipxe?.binary, rules.fileName);
  check('osie.base_url', osie?.baseUrl, rules.httpUrl);
  check('osie.kernel', osie?.kernel, rules.scriptWord(1024));
  check('osie.initrd', osie?.initrd, rules.scriptWord(1024));
  violations.each(`${path}.osie.kernel_params`, osie?.kernelParams, maxParams, rules.scriptWords(4096));
  check('pxelinux.config', pxelinux?.config, rules.lines(textSize));
  check('rpi.serial_num', rpi?.serialNum, rules.fileName);
  check('rpi.firmware_path', rpi?.firmwarePath, rules.relativePath);
  check('rpi.config_txt', rpi?.configTxt, rules.lines(textSize));
}

export function checkIsoboot(path: string, isoboot: IsobootRecord, violations: Violations): void {
  violations.check(`${path}.source_iso`, isoboot.sourceIso, rules.httpUrl);
}
