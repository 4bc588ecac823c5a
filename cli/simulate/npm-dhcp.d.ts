/** The parts of npm `dhcp` 0.2.20 that the simulator uses; the package has no types of its own. */

declare module 'dhcp/lib/protocol.js' {
  /** Addresses are dotted quads; `chaddr` is upper case with dashes. */
  export interface DhcpMessage {
    op: number;
    htype: number;
    hlen: number;
    hops: number;
    xid: number;
    secs: number;
    flags: number;
    ciaddr: string;
    yiaddr: string;
    siaddr: string;
    giaddr: string;
    chaddr: string;
    sname: string;
    file: string;
    /** By code; the value's type is the one in the package's option table. */
    options: Record<number, unknown>;
  }

  const protocol: {
    /** Throws on anything that it cannot read. */
    parse(bytes: Uint8Array): DhcpMessage;
    /** A 1500-byte buffer and how much of it is written. */
    format(message: DhcpMessage): { readonly _data: Uint8Array; readonly _w: number };
  };
  export default protocol;
}

declare module 'dhcp/lib/options.js' {
  const options: {
    /** The option table: code → how it is read and written. */
    readonly opts: Readonly<Record<number, unknown>>;
    addOption(code: number, option: { name: string; type: 'UInt8s' | 'UInt16s' | 'ASCII' }): void;
  };
  export default options;
}
