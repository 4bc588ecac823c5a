import type { Ip4 } from '../ip4.ts';

/** Where a datagram came from and by which way. One object is reused for every datagram: copy what you keep. */
export interface DatagramInfo {
  readonly sourceAddress: Ip4;
  readonly sourcePort: number;
  /** The kernel's index of the interface it came in on. */
  readonly ifindex: number;
  /** Our address on that interface (IP_PKTINFO's ipi_spec_dst): what a reply leaves from, also when the datagram was a broadcast. */
  readonly localAddress: Ip4;
}

/** A datagram to send. */
export interface Outgoing {
  /** Must not change before the handler's batch has been sent: the engine copies it when `handle` returns. */
  readonly bytes: Uint8Array;
  /** What follows `bytes` in the same datagram: who has a header and a piece of a file need not join them first. */
  readonly body?: Uint8Array | undefined;
  readonly address: Ip4;
  readonly port: number;
  /** Interface to leave by; needed for broadcasts. Absent: the kernel's routes decide. */
  readonly ifindex?: number | undefined;
  /** Address to leave from. Absent: the kernel's choice. */
  readonly sourceAddress?: Ip4 | undefined;
}

/**
 * What is above the engine: called once per datagram, synchronously, in batches; the reply leaves with the batch.
 * `datagram` is a view into a receive buffer that the next batch overwrites. Must not throw: the engine counts and logs a throw
 * (`handlerErrors`) and goes on.
 */
export type DatagramHandler = (datagram: Uint8Array, info: DatagramInfo) => Outgoing | undefined;

export interface UdpOptions {
  /** Address to bind; 0 for all. */
  readonly address: Ip4;
  /** 0 lets the kernel choose. */
  readonly port: number;
  /** Bind to one device (SO_BINDTODEVICE): only its datagrams come in, and everything leaves by it. */
  readonly device?: string;
  /** Bytes of receive buffer (SO_RCVBUF; the kernel may grant less). Default 16 MiB. */
  readonly receiveBuffer?: number;
  /** Largest datagram that is taken whole, in bytes. Default 2048; a longer one arrives truncated and is counted. */
  readonly maxDatagram?: number;
  /**
   * Datagrams per system call; memory grows with it: `batch` of the largest datagrams for what comes in, and room for four
   * batches of 2 KiB for what cannot be sent at once. Default 64; a socket with one peer is well served by 4.
   */
  readonly batch?: number;
  /**
   * Hand datagrams of one length to one peer to the kernel as one, which cuts them apart again (UDP_SEGMENT in udp(7)): a window of
   * TFTP costs about as much as one block. Not for peers on this very host that read raw sockets, as relays of DHCP do: they would
   * see one that is too long.
   */
  readonly joins?: boolean;
  /**
   * Stay awake for a moment after each datagram that was answered (`vigil.ts`): for peers that answer at once and wait for our answer in turn.
   * Without effect where there is but one processor.
   */
  readonly awake?: boolean;
  readonly handle: DatagramHandler;
  /** Told about failures that belong to no caller (a broken socket, a throwing handler). */
  readonly onError: (error: Error) => void;
}

/** Rising counters since the socket was opened. */
export interface UdpStats {
  readonly received: number;
  readonly sent: number;
  /** Dropped by the kernel before we read them (SO_RXQ_OVFL). */
  readonly droppedByKernel: number;
  /** Could not be sent: no route, unreachable, or the send queue stayed full. */
  readonly sendErrors: number;
  readonly truncated: number;
  readonly handlerErrors: number;
}

export interface UdpSocket extends AsyncDisposable {
  readonly address: Ip4;
  readonly port: number;
  /** What it is bound to; undefined: to none. */
  readonly device: string | undefined;
  readonly stats: UdpStats;
  /** For those who speak first (retransmissions). Queued, and sent with the batch in hand or before the event loop turns. */
  send(datagram: Outgoing): void;
  /**
   * To be asked every few seconds: false when, since it was asked last but one, nothing came in, not even what it sends itself
   * each time. Nothing of that leaves this host or reaches the handler. Bound to a device and to an address, it always says true.
   */
  hears(): boolean;
  /** Sends what is queued, then closes. Later sends are ignored. Safe to call twice. */
  close(): Promise<void>;
}
