import type { Namespace } from './lab.ts';
import type { LabProcess } from './lab-process.ts';
import { runNode } from './lab-smee.ts';

/** One DHCP message on the wire, read without the codec under test. Addresses are dotted quads. */
export interface Frame {
  readonly fromMac: string;
  readonly toMac: string;
  readonly from: string;
  readonly to: string;
  readonly fromPort: number;
  readonly toPort: number;
  /** Bytes of the DHCP message. */
  readonly length: number;
  readonly xid: string;
  readonly broadcastFlag: boolean;
  readonly ciaddr: string;
  readonly yiaddr: string;
  readonly siaddr: string;
  readonly giaddr: string;
  readonly chaddr: string;
  /** In the order of the packet: code, value in hex. */
  readonly options: readonly (readonly [number, string])[];
  /** Option 53. */
  readonly type: number;
}

/** Every DHCP message that passes a device of a namespace, from the moment `start` resolves. */
export class Capture {
  readonly #sniffer: LabProcess;

  private constructor(sniffer: LabProcess) {
    this.#sniffer = sniffer;
  }

  static async start(place: Namespace, device: string): Promise<Capture> {
    const sniffer = runNode(place, 'test/support/inside/sniff.ts', [device]);
    await sniffer.until(/listening\n/);
    return new Capture(sniffer);
  }

  /** The frames so far. */
  get frames(): readonly Frame[] {
    const lines = this.#sniffer.output.split('\n').slice(0, -1);
    return lines.flatMap((line) => readFrame(Buffer.from(line, 'hex')) ?? []);
  }

  /** Waits for a frame that is like this; gives the first. */
  async until(what: string, like: (frame: Frame) => boolean): Promise<Frame> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = this.frames.find(like);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw this.#sniffer.failure(`saw no ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(): Promise<void> {
    await this.#sniffer.stop();
  }
}

/** Ethernet, IPv4, UDP, DHCP; undefined when it is something else. */
function readFrame(frame: Buffer): Frame | undefined {
  if (frame.length < 34 || frame.readUInt16BE(12) !== 0x0800 || frame.readUInt8(23) !== 17) return undefined;
  const udp = 14 + (frame.readUInt8(14) & 15) * 4;
  const fromPort = frame.readUInt16BE(udp);
  const toPort = frame.readUInt16BE(udp + 2);
  const dhcp = frame.subarray(udp + 8, udp + frame.readUInt16BE(udp + 4));
  if (![67, 68].includes(toPort) || dhcp.length < 240) return undefined;
  const options = readOptions(dhcp.subarray(240));
  return {
    toMac: mac(frame, 0),
    fromMac: mac(frame, 6),
    from: address(frame, 26),
    to: address(frame, 30),
    fromPort,
    toPort,
    length: dhcp.length,
    xid: dhcp.toString('hex', 4, 8),
    broadcastFlag: (dhcp.readUInt8(10) & 0x80) !== 0,
    ciaddr: address(dhcp, 12),
    yiaddr: address(dhcp, 16),
    siaddr: address(dhcp, 20),
    giaddr: address(dhcp, 24),
    chaddr: mac(dhcp, 28),
    options,
    type: Number.parseInt(options.find(([code]) => code === 53)?.[1] ?? '0', 16),
  };
}

function readOptions(bytes: Buffer): [number, string][] {
  const found: [number, string][] = [];
  for (let at = 0; at < bytes.length && bytes[at] !== 255; ) {
    const [code = 0, length = 0] = bytes.subarray(at, at + 2);
    if (code !== 0) found.push([code, bytes.toString('hex', at + 2, at + 2 + length)]);
    at += code === 0 ? 1 : 2 + length;
  }
  return found;
}

function address(bytes: Buffer, at: number): string {
  return bytes.subarray(at, at + 4).join('.');
}

function mac(bytes: Buffer, at: number): string {
  return bytes.toString('hex', at, at + 6).replace(/(..)(?=.)/g, '$1:');
}
