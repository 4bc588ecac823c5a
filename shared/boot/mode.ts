/**
 * Who gives the addresses, and who may boot: `reservation` gives an address to who has a record; `proxy` and `auto-proxy` leave
 * addresses to another DHCP server and say only what to boot, to who has a record or to everybody who is not forbidden.
 */
export const dhcpModes = ['reservation', 'proxy', 'auto-proxy'] as const;

export type DhcpMode = (typeof dhcpModes)[number];
