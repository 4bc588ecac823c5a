import { need } from './clients.ts';
import type { Namespace } from './lab.ts';
import type { LabProcess } from './lab-process.ts';

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

/** Every DHCP message that passes a device of a namespace, from the moment this returns. */
export class Capture {
  readonly #tcpdump: LabProcess;

  private constructor(tcpdump: LabProcess) {
    this.#tcpdump = tcpdump;
  }

  static async start(test: Mocha.Context, place: Namespace, device: string): Promise<Capture> {
    const tcpdump = need(test, 'tcpdump', 'tcpdump');
    const how = ['--immediate-mode', '-Z', 'root', '-l', '-n', '-xx', '-i', device];
    const running = place.spawn(tcpdump, [...how, 'udp and (port 67 or port 68)']);
    await running.until(/listening on/);
    return new Capture(running);
  }

  /** The frames so far. */
  get frames(): readonly Frame[] {
    return this.#tcpdump.output
      .split(/^(?=\d\d:\d\d:\d\d)/m)
      .flatMap((block) => readFrame(hexOf(block)) ?? []);
  }

  /** Waits for a frame that is like this; gives the first. */
  async until(what: string, like: (frame: Frame) => boolean): Promise<Frame> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = this.frames.find(like);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw this.#tcpdump.failure(`saw no ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(): Promise<void> {
    await this.#tcpdump.stop();
  }
}

function hexOf(block: string): Buffer {
  const digits = [...block.matchAll(/^\s*0x[0-9a-f]+: {2}([0-9a-f ]+)$/gm)].map(([, line]) => line);
  return Buffer.from(digits.join('').replaceAll(' ', ''), 'hex');
}

/** Ethernet, IPv4 without or with options, UDP; undefined while the last frame is not wholly printed. */
function readFrame(frame: Buffer): Frame | undefined {
  if (frame.length < 34) return undefined;
  const udp = 14 + (frame.readUInt8(14) & 15) * 4;
  const dhcp = frame.subarray(udp + 8);
  if (dhcp.length < 240 || dhcp.length !== frame.readUInt16BE(udp + 4) - 8) return undefined;
  const options = readOptions(dhcp.subarray(240));
  return {
    toMac: mac(frame, 0),
    fromMac: mac(frame, 6),
    from: address(frame, 26),
    to: address(frame, 30),
    fromPort: frame.readUInt16BE(udp),
    toPort: frame.readUInt16BE(udp + 2),
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
