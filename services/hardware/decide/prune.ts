import type { Violation } from '../wire/status.ts';
import type { HardwareRecord } from './record.ts';
import { type Validated, validate } from './validate.ts';

/** A record that may be served, and what was left out of it; or all that is wrong with it. */
export type Pruned<H extends HardwareRecord> = Validated<H> & { readonly leftOut: readonly Violation[] };

const server = /^hardware\.interfaces\[(\d+)\]\.dhcp\.(name_servers|time_servers)\[(\d+)\]$/;

/**
 * Validates a record of a file, where nobody can be asked to try again: a name or time server that is none is left out, and
 * the others stay.
 */
export function validateLeniently<H extends HardwareRecord>(hardware: H): Pruned<H> {
  const first = validate(hardware);
  if (first.valid) return { ...first, leftOut: [] };
  const bad = new Set(first.violations.map(({ field }) => field).filter((field) => server.test(field)));
  if (bad.size < first.violations.length) return { ...first, leftOut: [] };
  const good = (list: readonly string[], field: string) =>
    list.filter((_, at) => !bad.has(`${field}[${at}]`));
  const interfaces = hardware.interfaces.map((one, at) => {
    const { dhcp } = one;
    if (dhcp === undefined) return one;
    const path = `hardware.interfaces[${at}].dhcp`;
    const nameServers = good(dhcp.nameServers, `${path}.name_servers`);
    const timeServers = good(dhcp.timeServers, `${path}.time_servers`);
    return { ...one, dhcp: { ...dhcp, nameServers, timeServers } };
  });
  return { ...validate({ ...hardware, interfaces }), leftOut: first.violations };
}
