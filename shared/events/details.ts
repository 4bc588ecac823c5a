/**
 * What the details of an event may hold, under the names of the log, and what each means. One list for the services that tell,
 * for those who read, and for docs/logging.md.
 */
export const details = {
  peer: 'who asked, `address:port`',
  iface: 'dhcp: the interface that it came in on',
  type: 'dhcp: the message that was answered, `DISCOVER`, `REQUEST`, …',
  arch: 'dhcp: option 93, by name',
  client: 'dhcp: who asks: `PXE firmware`, `HTTP Boot firmware`, `iPXE`, `other`',
  vendorClass: 'dhcp: option 60',
  userClass: 'dhcp: option 77',
  ip: 'dhcp: the address that it is given',
  requestedIp: 'dhcp: the address that it asks for, option 50',
  server: 'dhcp: our address, option 54',
  requestedServer: "dhcp: whose offer it takes, option 54 of its request; another's when it is not `server`",
  nextServer: 'dhcp: where it is sent for its boot file, siaddr',
  giaddr: 'dhcp: the relay that it asks through',
  port: 'dhcp: the proxy port, when it asked there',
  leftOut: 'dhcp: options that did not fit into the reply',
  field: 'dhcp: what is malformed',
  file: 'the boot file or URL that it is told; the file that it asks for, without a query',
  detail: 'what the reason speaks of: a file, an architecture, a field of the record',
  bytes: 'how much was sent',
  size: 'how much there is, in bytes',
  blksize: 'tftp: bytes per block, as agreed',
  windowsize: 'tftp: blocks per acknowledgement, as agreed',
  retransmits: 'tftp: blocks sent again',
  method: 'http: GET or HEAD',
  status: 'http: the status of the answer',
  severity: "syslog: the message's",
  'app-name': 'syslog: who says it',
  text: 'syslog: what it says, at most 512 characters, secrets hidden',
} as const;

export type DetailName = keyof typeof details;
