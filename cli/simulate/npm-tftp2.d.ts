/** The parts of npm `tftp2` 0.0.1 that the simulator uses; the package has no types of its own. */

declare module 'tftp2/packet.js' {
  /** A parsed packet; which fields are there depends on the opcode. */
  export interface TftpPacket {
    readonly opcode: number;
    readonly block?: number;
    readonly data?: Uint8Array;
    readonly code?: number;
    readonly message?: string;
  }

  const Packet: {
    readonly OPCODE: {
      readonly RRQ: 1;
      readonly WRQ: 2;
      readonly DATA: 3;
      readonly ACK: 4;
      readonly ERROR: 5;
    };
    parse(bytes: Uint8Array): TftpPacket;
  };
  export default Packet;
}

declare module 'tftp2/connection.js' {
  import type { Socket } from 'node:dgram';

  /** A UDP socket that remembers whom it talks to. */
  export default class Connection extends Socket {
    constructor(peer: { address: string; port: number });
    /** Talks to somebody else from now on. */
    setRemoteDescription(peer: { address: string; port: number }): void;
    sendRequest(opcode: number, filename: string): Promise<number>;
    sendAck(block: number): Promise<number>;
  }
}
