import { parseQuirks, quirkNames, quirksLabel } from '#shared/boot/quirks.ts';
import { parseMac } from '#shared/mac.ts';
import type { Violation } from '../wire/status.ts';
import { claimsOf } from './claims.ts';
import { Violations } from './collect.ts';
import { canonicalMac, checkDhcp } from './dhcp.ts';
import { checkIsoboot, checkNetboot } from './netboot.ts';
import type { HardwareRecord } from './record.ts';
import { line, lines, objectName, scriptWord, scriptWords } from './rules.ts';
import { structDepth } from './struct.ts';

const maxInterfaces = 256;
const maxLabels = 256;
const maxDepth = 32;

/** A record that may be stored: canonical, so that equal things are written equally. Or all that is wrong with it. */
export type Validated<H extends HardwareRecord> =
  | { readonly valid: true; readonly hardware: H }
  | { readonly valid: false; readonly violations: readonly Violation[] };

/**
 * Whether a record may be stored. Total: every violation is found, none is thrown; fields are named as in the proto. The
 * canonical form has its MACs in lower case with colons.
 *
 * That only one of tftp_server_name and boot_file_name is there is no violation: either switches our netboot logic off.
 */
export function validate<H extends HardwareRecord>(hardware: H | undefined): Validated<H> {
  if (hardware === undefined)
    return { valid: false, violations: [{ field: 'hardware', description: 'is required' }] };
  const violations = new Violations();
  checkRecord(hardware, violations);
  const interfaces = hardware.interfaces.slice(0, maxInterfaces);
  violations.atMost('hardware.interfaces', hardware.interfaces, maxInterfaces);
  for (const [at, { dhcp, netboot, isoboot }] of interfaces.entries()) {
    const path = `hardware.interfaces[${at}]`;
    if (dhcp !== undefined) checkDhcp(`${path}.dhcp`, dhcp, violations);
    if (netboot !== undefined) checkNetboot(`${path}.netboot`, netboot, violations);
    if (isoboot !== undefined) checkIsoboot(`${path}.isoboot`, isoboot, violations);
  }
  checkRepeats({ interfaces }, violations);
  return violations.found.length === 0
    ? { valid: true, hardware: canonical(hardware) }
    : { valid: false, violations: violations.found };
}

function checkRecord(hardware: HardwareRecord, violations: Violations): void {
  const { metadata } = hardware;
  violations.require('hardware.name', hardware.name, objectName);
  violations.check('hardware.namespace', hardware.namespace, objectName);
  violations.check('hardware.agent_id', hardware.agentId, scriptWord(255));
  violations.check(
    'hardware.metadata.facility.facility_code',
    metadata?.facility?.facilityCode,
    scriptWords(1024),
  );
  violations.map('hardware.labels', hardware.labels, maxLabels, line(1024), line(317));
  const { unknown } = parseQuirks(hardware.labels?.[quirksLabel] ?? '');
  if (unknown.length > 0) {
    violations.add(
      `hardware.labels[${quirksLabel}]`,
      `must be none, or of ${quirkNames.join(', ')}, joined by "."`,
    );
  }
  violations.map('hardware.annotations', hardware.annotations, maxLabels, lines(262_144), line(317));
  const kept = {
    'hardware.other': hardware.other,
    'hardware.metadata.other': metadata?.other,
    'hardware.metadata.facility.other': metadata?.facility?.other,
  };
  for (const [field, struct] of Object.entries(kept)) {
    if (structDepth(struct, maxDepth) > maxDepth)
      violations.add(field, `must not be nested deeper than ${maxDepth} levels`);
  }
}

/** A MAC or an address may stand in one record only once, too. */
function checkRepeats(hardware: Pick<HardwareRecord, 'interfaces'>, violations: Violations): void {
  const first = new Map<string, string>();
  for (const { key, path } of claimsOf(hardware)) {
    const value = `${key.field} ${parseMac(key.value) ?? key.value}`;
    const before = first.get(value);
    if (before === undefined) first.set(value, path);
    else violations.add(path, `is the same as ${before}`);
  }
}

function canonical<H extends HardwareRecord>(hardware: H): H {
  return {
    ...hardware,
    interfaces: hardware.interfaces.map((one) =>
      one.dhcp === undefined ? one : { ...one, dhcp: canonicalMac(one.dhcp) },
    ),
  };
}
