/**
 * The closed list of reasons: every *no* of every service, and every *yes*, carries one. Codes are stable: logs, metrics
 * and people refer to them. `docs/errors.md` is generated from this list.
 */
interface ReasonText {
  /** One sentence for the operator. */
  readonly means: string;
  /** What to do about it. */
  readonly action: string;
}

const nothing = 'Nothing to do.';

export const reasons = {
  ok: { means: 'Answered as the record says.', action: nothing },

  'unknown-machine': {
    means: 'No hardware record has this MAC (or this source address).',
    action: 'Apply a record with this MAC: smee hardware apply -f FILE.',
  },
  'ambiguous-machine': {
    means: 'More than one record has this source address, so it says nothing about who asks.',
    action: 'Give each record an address of its own, or ask by MAC.',
  },
  'not-synced': {
    means: 'The hardware records are not here yet: neither a first sync nor a snapshot.',
    action:
      'Check that the hardware service runs and that SMEE_HARDWARE_ADDR points to it; the client retries by itself.',
  },
  'netboot-not-allowed': {
    means: 'The record does not allow this machine to boot from the network.',
    action: 'Set netboot.allowPXE: true in its record, if it should boot.',
  },
  'dhcp-disabled': {
    means: 'The record says disableDhcp for this interface.',
    action: 'Set disableDhcp: false, if we should give it an address.',
  },
  'no-address': {
    means: 'The record has no dhcp.ip.address for this interface.',
    action: 'Give the record an address and a netmask.',
  },
  'netboot-options-off': {
    means: 'Addresses only: dhcp-enable-netboot-options is off.',
    action: 'Set SMEE_DHCP_ENABLE_NETBOOT_OPTIONS=true, if machines should boot through us.',
  },
  'explicit-boot-file': {
    means: 'The record names its own tftp_server_name or boot_file_name; no boot decision of ours applies.',
    action: nothing,
  },

  'not-a-request': { means: 'The packet is not a BOOTREQUEST.', action: nothing },
  'not-ethernet': { means: 'The client has no 6-byte Ethernet address.', action: nothing },
  'no-message-type': { means: 'A plain BOOTP packet, without option 53.', action: nothing },
  'unhandled-message-type': { means: 'A DHCP message type that a server does not answer.', action: nothing },
  malformed: {
    means: 'The packet does not follow its format.',
    action: 'If a real machine sends it, capture it (tcpdump -w) and open an issue.',
  },
  'not-a-netboot-client': {
    means: 'It wants an address, not a boot: option 60 is not that of PXE or HTTP Boot firmware.',
    action: nothing,
  },
  'no-architecture': {
    means:
      'Option 60 is that of PXE or HTTP Boot firmware, but option 93 does not say for which architecture.',
    action: 'Update the firmware; the machine still gets its address.',
  },
  'bad-client-uuid': {
    means: 'Option 97 is not 17 bytes with a leading 0, as firmware sends it.',
    action: 'Update the firmware; the machine still gets its address.',
  },
  'unknown-architecture': {
    means: 'No loader is known for the architecture in option 93.',
    action: 'Set netboot.ipxe.binary in its record, or SMEE_IPXE_OVERRIDE_ARCH_MAPPING.',
  },
  'loader-missing': {
    means: 'There is no iPXE binary for this architecture in the iPXE folder.',
    action:
      "Put the file of that name into SMEE_IPXE_DIR (for ARM, Debian has none: Tinkerbell's builds do), or name another: SMEE_IPXE_OVERRIDE_ARCH_MAPPING.",
  },
  'no-script': {
    means: 'No iPXE script is configured for this machine.',
    action: 'Enable the HTTP script service or set SMEE_DHCP_HTTP_IPXE_SCRIPT_URL.',
  },
  'other-server': {
    means: 'The client chose another DHCP server (option 54).',
    action:
      'Switch that server off there (smee doctor finds all that answer), or boot beside it: SMEE_DHCP_MODE=proxy.',
  },
  'not-for-a-proxy': {
    means:
      'A REQUEST for an address (without option 54, or with option 50), which the proxy modes leave to another server.',
    action: nothing,
  },
  'wrong-address': {
    means: 'The client asks for an address that is not the one in its record; it was told so (NAK).',
    action: 'Nothing: it starts over and gets the right one.',
  },
  'nak-limited': {
    means: 'The client was told several times that its address is wrong, and asks for the same again.',
    action: 'See why it does not start over: a second DHCP server, or a broken client.',
  },
  'no-server-address': {
    means: 'The interface that the request came in on has no IPv4 address to answer from.',
    action: 'Give the interface an address, or set SMEE_DHCP_IP_FOR_PACKET.',
  },
  'no-requested-address': { means: 'A REQUEST without an address in option 50 or ciaddr.', action: nothing },
  release: { means: 'The client gave its address back; a reservation stays.', action: nothing },
  decline: {
    means: 'The client found its address in use by somebody else.',
    action: 'Find the other host with that address.',
  },
  'reply-too-big': {
    means: 'The options do not fit into what the client accepts; the least important were left out.',
    action: 'Shorten the record (routes, search domains, URLs).',
  },

  'not-found': {
    means: 'There is no such file or route.',
    action:
      'Check the name, and that the file lies in its folder: SMEE_ARTIFACT_DIR for /artifacts, SMEE_IPXE_DIR for loaders, SMEE_TFTP_ASSET_DIR for what else TFTP is asked for.',
  },
  'outside-root': { means: 'The path leaves the folder that is served.', action: nothing },
  'not-a-file': { means: 'The path is a folder, a device or a pipe.', action: 'Serve regular files only.' },
  'write-refused': { means: 'A TFTP write request: this server only reads.', action: nothing },
  'bad-request': { means: 'The request does not follow its protocol.', action: nothing },
  'method-not-allowed': { means: 'Only GET and HEAD are answered here.', action: nothing },
  'request-too-big': {
    means: 'The request line or the headers are longer than any client of ours needs.',
    action: nothing,
  },
  'range-not-satisfiable': {
    means: 'The range that was asked for lies behind the end of the file.',
    action: 'Start over without a range: the file is shorter than the client believes.',
  },
  'precondition-failed': {
    means: 'The file is no longer the one that the client asked for (If-Match, If-Unmodified-Since).',
    action: 'Start over: the file was replaced.',
  },
  'internal-error': {
    means: 'Something failed here that should not.',
    action: 'See the log of this service, and open an issue.',
  },
  'bad-script-url': {
    means: "The record's ipxe.url is not an http:// or https:// URL.",
    action: 'Correct netboot.ipxe.url in its record.',
  },
  'unsafe-record': {
    means:
      'A field of the record cannot stand on an iPXE line (line break, ${, && and the like), or not on a kernel line in an ISO.',
    action: 'Correct the field named in the message.',
  },
  'no-iso-source': {
    means: "No ISO for this machine: neither the record's isoboot.sourceISO nor iso-url.",
    action: 'Set isoboot.sourceISO in its record, or SMEE_ISO_URL.',
  },
  'patch-too-long': {
    means:
      "The kernel arguments of this machine are longer than the ISO's magic string, over which they are written.",
    action:
      'Shorten the record (facility, hostname, servers), SMEE_EXTRA_KERNEL_ARGS, or build the ISO with a longer one.',
  },
  'upstream-error': {
    means: 'The server of the ISO did not give it: it is down, refuses, or does not say what it sends.',
    action: 'Fetch the URL with curl from this host; the detail says what failed.',
  },
  'upstream-timeout': {
    means: 'The server of the ISO did not answer in time, or sends too slowly.',
    action: 'See what slows that server or the way to it.',
  },
  'upstream-changed': {
    means: 'The ISO is another one than when the machine mounted it.',
    action: 'Mount it again. Give a new ISO a new name, so that mounts live on.',
  },
  'upstream-no-ranges': {
    means: 'A part of the ISO was asked for, and its server gives the whole only.',
    action: 'Put the ISO on a server that answers Range requests, as nginx and our own /artifacts do.',
  },
  'redirect-refused': {
    means:
      'The server of the ISO redirects to where we do not follow: another scheme, a nearer network, or too often.',
    action: 'Set the final URL in the record or in SMEE_ISO_URL.',
  },
  'file-unreadable': {
    means: 'The file is there but cannot be read.',
    action: 'Check its owner and mode, and the disk.',
  },
  'file-changed': {
    means: 'The file changed while it was read.',
    action: 'Replace files by renaming a new one over them.',
  },

  'too-big-for-netascii': {
    means: 'Mode netascii is for text; this file is larger than 1 MiB.',
    action: 'Let the client ask in mode octet (binary).',
  },

  'size-probe': { means: 'The client only asked for the size (ERROR 8 after our OACK).', action: nothing },
  aborted: {
    means: 'The client ended the transfer.',
    action: 'If it repeats: check the path MTU and the file.',
  },
  'timed-out': {
    means: 'The client stopped acknowledging.',
    action:
      'Check the way back to the client: smee doctor looks at firewall, routes and path MTU; a smaller SMEE_TFTP_BLOCK_SIZE gets past the last.',
  },
  'foreign-port': {
    means: 'A packet from another port for a live transfer; it got ERROR 5.',
    action: nothing,
  },
  'no-transfer': { means: 'A TFTP packet that belongs to no transfer of ours.', action: nothing },
  'too-many-transfers': {
    means: 'The limit of transfers is reached.',
    action: 'Raise SMEE_TFTP_MAX_TRANSFERS, or see who opens so many.',
  },
  'tls-failed': {
    means:
      'The client and this service agreed on no TLS: it does not trust the certificate, or speaks no version or cipher of ours.',
    action:
      'Give iPXE an RSA certificate in SMEE_TLS_CERT_FILE, and the client its CA; a stock iPXE trusts the public ones only.',
  },
  'too-many-connections': {
    means: 'One address, or all together, hold as many HTTP connections as they may.',
    action:
      'Raise SMEE_HTTP_MAX_CONNECTIONS_PER_CLIENT, name your proxies in SMEE_TRUSTED_PROXIES, or see who opens so many.',
  },
  'too-many-requests': {
    means: 'More HTTP requests at once on one connection than are answered.',
    action: nothing,
  },
  'too-much-unanswered': {
    means: 'So much has been sent to this address without an answer that no more is, for now.',
    action:
      'A forged address is spared so. A client that is there has only to answer: if it never does, look for what stops it.',
  },
  'source-rate-limited': {
    means: 'This source sends more syslog messages than are logged for one source; the rest is dropped.',
    action: 'See what the machine repeats; its next logged line says how many were dropped.',
  },
  'rate-limited': {
    means: 'All sources together send more syslog messages than are logged; the rest is dropped.',
    action: 'See smee_syslog_messages_total, and which sources send so much.',
  },
  'record-left-out': {
    means:
      'There is a record for this machine, but it is not served: it is not valid, or its MAC or address is taken by another one.',
    action: 'Correct what the detail names.',
  },
  'file-truncated': {
    means: 'The file ends in the middle of what it holds: it was not copied whole.',
    action: 'Copy the file again and compare checksums; replace it by renaming.',
  },
  'offer-unanswered': {
    means: 'The machine was offered an address and never asked for it.',
    action:
      'See whether our offers reach it (VLAN, switch port, firewall), and who else answers DHCP there: smee doctor.',
  },
  'relay-unreachable': {
    means: 'The machine asks through a relay, and our answers do not come back to it.',
    action: 'Give this host a route to the address of the relay (giaddr), and let UDP 67 through on the way.',
  },
  'loader-not-fetched': {
    means: 'The machine has its address and the name of a loader, and never asked for it.',
    action:
      'See whether TFTP (UDP 69) or HTTP reaches us from there: firewall, route, and the address in the offer.',
  },
  'loader-silent': {
    means: 'The machine has its loader, which was never heard of since.',
    action:
      'See its console: Secure Boot refuses an unsigned loader, another architecture does not start, and a loader without a driver finds no network.',
  },
  'script-not-fetched': {
    means: 'The machine is in iPXE, has its address and the URL of its script, and never asked for it.',
    action: 'See whether HTTP reaches us from there: firewall, route, and the address in the URL.',
  },
  'kernel-not-fetched': {
    means: 'The machine is in iPXE, has its script, and never asked for the kernel.',
    action: 'See where the script sends it (another server?), its console, and the way to that server.',
  },
  'initrd-not-fetched': {
    means: 'The machine is in iPXE, has the kernel, and never asked for the initrd.',
    action: 'See its console: the kernel may not fit into its memory, or is none.',
  },
  fetching: {
    means: 'The machine is fetching a file, and has not got all of it yet.',
    action:
      'Nothing to do as long as it grows; where it grows slowly, see the link and how many machines share it.',
  },
  'fetch-stopped': {
    means: 'A file was on its way to the machine, and then neither more of it nor an end was heard of.',
    action:
      'See whether the service that served it still runs, and reaches the hardware service; then start the machine again.',
  },
  'handed-over': {
    means: 'The machine got everything that it boots from, and has not said how it ended.',
    action: 'See its console; let its system phone home (docs/boot.md), so that the end is known.',
  },
  'boot-began-anew': {
    means: 'The firmware began a new boot before this one was through.',
    action: 'See its console: it was reset, or the system that it started failed at once.',
  },

  'service-off': {
    means: 'The service that would answer is switched off.',
    action: 'Switch the setting on that the detail names.',
  },

  'shutting-down': { means: 'The service is stopping.', action: 'The client retries.' },
} as const satisfies Record<string, ReasonText>;

export type Reason = keyof typeof reasons;
