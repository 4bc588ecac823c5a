/**
 * The closed list of what `smee doctor` can find, each with what to do. Codes are stable: scripts refer to them. docs/doctor.md is
 * generated from this list.
 */
interface FindingText {
  /** One sentence for the operator. */
  readonly means: string;
  /** How to mend it. */
  readonly action: string;
}

export const findings = {
  'port-taken': {
    means: 'Another program holds a port that a service needs.',
    action:
      'Stop that program, keep it off this port (dnsmasq: port, enable-tftp, bind-interfaces), or bind the service to another interface: SMEE_DHCP_IFACE, SMEE_TFTP_ADDR.',
  },
  'missing-capability': {
    means: 'A service may not open what it needs: ports below 1024, or a network device.',
    action:
      'Run it as root; or setcap cap_net_bind_service,cap_net_raw=+ep on the node binary; or sysctl net.ipv4.ip_unprivileged_port_start=67; in compose: cap_add: [NET_BIND_SERVICE].',
  },
  'no-such-interface': {
    means: 'The interface that is to be served does not exist.',
    action: 'See which there are (ip link), and correct --iface, SMEE_IFACE or SMEE_DHCP_IFACE.',
  },
  'interface-down': {
    means: 'The interface that is to be served is down, or has no carrier.',
    action: 'Plug the cable in, and: ip link set DEVICE up.',
  },
  'interface-without-address': {
    means:
      'The interface that is to be served has no IPv4 address, so nothing can be answered or fetched there.',
    action: 'Give it one: ip addr add ADDRESS/PREFIX dev DEVICE.',
  },
  'interface-without-records': {
    means: 'No record has an address in a network that this interface leads to.',
    action:
      'Serve the interface that the machines hang on, or correct the addresses in their records. Machines behind a relay need a route to their network.',
  },
  'firewall-drops': {
    means: 'The firewall of this host drops what machines send to a service.',
    action:
      'Let it in on that interface, for instance: iptables -I INPUT -i DEVICE -p udp -m multiport --dports 67,69,514 -j ACCEPT, and TCP 8080.',
  },
  'tftp-silent': {
    means: 'TFTP says that it is ready, and does not answer.',
    action: 'See the firewall of this host (as root, smee doctor reads its rules) and the log of tftp.',
  },
  'other-dhcp-server': {
    means: 'Another DHCP server answers on this network, and may win a machine before we do.',
    action:
      'Turn it off there, or let it give the addresses and serve the boot only: SMEE_DHCP_MODE=proxy. A second proxyDHCP server has to go.',
  },
  'path-mtu': {
    means: 'Large packets vanish on the way to the machines: small ones arrive.',
    action:
      'Mend the smallest MTU on the way, or give our interface the same one: ip link set DEVICE mtu SIZE. Lowering SMEE_TFTP_BLOCK_SIZE to SIZE - 32 helps TFTP alone.',
  },
  'loader-missing': {
    means: 'The loader of an architecture that is in use is not there.',
    action:
      'Put the file into SMEE_IPXE_DIR, or name another one: netboot.ipxe.binary in the record, SMEE_IPXE_OVERRIDE_ARCH_MAPPING for all.',
  },
  'hardware-down': {
    means:
      'The hardware service does not answer: records cannot change, and a service without a snapshot stays silent.',
    action:
      'Start it (npm start, docker compose up -d hardware), see its log, and check SMEE_HARDWARE_ADDR, SMEE_TOKEN_FILE and SMEE_TLS_CA.',
  },
  'clock-off': {
    means:
      'The clock of this host is wrong: certificates fail, leases and the times of boots mean nothing, and machines that take their time from it are wrong, too.',
    action: 'Set it, and keep it: timedatectl set-ntp true, or chronyc makestep.',
  },
  'nothing-runs': {
    means: 'No service of smee answers on this host.',
    action:
      'Start them: npm start -- --iface DEVICE, or docker compose up -d. If they run elsewhere, say where: SMEE_HARDWARE_ADDR.',
  },
  'service-down': {
    means: 'A service does not run: nobody answers its health port, and its own port is free.',
    action: 'Start it, and see the last lines of its log.',
  },
  'service-not-ready': {
    means: 'A service runs and says that it cannot do its work.',
    action: 'Its own words say what is missing.',
  },
  'server-unreachable': {
    means: 'DHCP sends machines to a server that does not answer.',
    action:
      'Correct SMEE_DHCP_TFTP_IP, SMEE_DHCP_HTTP_IPXE_BINARY_HOST or SMEE_DHCP_HTTP_IPXE_SCRIPT_HOST, or start what should be there.',
  },
  'record-unreadable': {
    means: 'A file of records holds what cannot be read; what it held before stays, or nothing is served.',
    action: 'Correct the line.',
  },
  'duplicate-address': {
    means: 'Two records have the same address; only the first is served.',
    action: 'Give each machine an address of its own.',
  },
  'disk-full': {
    means: 'The disk that holds the database or the snapshots is nearly full.',
    action: 'Make room: records and snapshots can soon not be written.',
  },
} as const satisfies Record<string, FindingText>;

export type FindingCode = keyof typeof findings;

export interface Finding {
  readonly code: FindingCode;
  /** What exactly: one sentence with the names and numbers of this host. */
  readonly detail: string;
  /** `likely`: the signs say so, and something else could explain them. */
  readonly sure: 'certain' | 'likely';
}

export function found(code: FindingCode, detail: string, sure: Finding['sure'] = 'certain'): Finding {
  return { code, detail, sure };
}
