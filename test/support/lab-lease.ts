import type { LabProcess } from './lab-process.ts';

/** What a DHCP client told its script: `reason` and one variable per option, named by the client. */
export interface Lease {
  readonly reason: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * A script for `udhcpc -s`, `dhclient -sf` and `dhcpcd -c`, in place of their own: it sets the address as those do, touches
 * nothing else, and prints what the client learned.
 */
export const leaseScript = `#!/bin/sh
PATH=$PATH:/usr/sbin:/sbin
device=\${interface:-eth0}
case \${1:-$reason} in
  bound|renew|BOUND|RENEW|REBIND|REBOOT)
    address=\${ip:-$new_ip_address}
    ip addr show dev "$device" | grep -q "inet $address/" ||
      { ip addr flush dev "$device"; ip addr add "$address/24" brd + dev "$device"; }
    gateway=\${router:-$new_routers}
    [ -z "$gateway" ] || ip route replace default via "\${gateway%% *}" ;;
  deconfig|EXPIRE|FAIL|RELEASE|STOP|NAK|PREINIT) ip addr flush dev "$device" ;;
esac
printf '<lease %s\\n%s\\nlease>\\n' "\${1:-$reason}" "$(env)"
`;

/** Waits for the next report of one of these reasons after `from`, and reads it. */
export async function nextLease(
  client: LabProcess,
  reason: RegExp,
  from = 0,
  within?: number,
): Promise<Lease> {
  const pattern = new RegExp(`<lease (${reason.source})\\n([^]*?)\\nlease>`);
  const options = within === undefined ? { from } : { from, within };
  const [, found = '', text = ''] = await client.until(pattern, options);
  const lines = text.split('\n').map((line) => /^(\w+)=(.*)$/.exec(line));
  return {
    reason: found,
    variables: Object.fromEntries(lines.flatMap((line) => (line === null ? [] : [[line[1], line[2]]]))),
  };
}
