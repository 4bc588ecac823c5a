import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { formatIp4 } from '#shared/ip4.ts';
import { kernelUrl } from './ipxe-script.ts';
import type { Fleet, Machine } from './machine.ts';
import type { Plan } from './plan.ts';

/** A connection that breaks or falls silent is made anew after so many milliseconds, so many times. */
const pause = 1000;
const patience = 30_000;
const mostTries = 5;

/** Bytes that are taken at once, by all connections into the same memory: they are looked at before the next are taken. */
const taken = Buffer.allocUnsafeSlow(512 * 1024);

const longestHeaders = 16_384;

/** The script and the beginning of the kernel of every machine, over one connection from its own address, as iPXE does it. */
export class HttpClient {
  readonly #fleet: Fleet;
  readonly #script: string;
  readonly #urlOf: (machine: Machine) => string;
  readonly #kernel: Buffer;
  readonly #kernelName: string;
  readonly #pages = new WeakMap<Machine, Buffer>();

  constructor({ script, kernel }: Plan, urlOf: (machine: Machine) => string, fleet: Fleet) {
    this.#fleet = fleet;
    this.#urlOf = urlOf;
    this.#script = readFileSync(script.path, 'utf8');
    this.#kernel = readFileSync(kernel.path).subarray(0, kernel.bytes);
    this.#kernelName = kernel.name;
  }

  /** Of what its stage is about. */
  begin(machine: Machine): void {
    machine.tries = 0;
    this.#ask(machine);
  }

  again(machine: Machine): void {
    machine.socket?.destroy();
    machine.socket = undefined;
    if (machine.tries === mostTries) this.#fleet.fail(machine);
    else {
      this.#fleet.again('http');
      machine.tries++;
      this.#ask(machine);
    }
  }

  #ask(machine: Machine): void {
    const { stage } = machine;
    const script = new URL(this.#urlOf(machine));
    const url = stage === 'script' ? script : this.#kernelUrl(machine);
    machine.headers = '';
    machine.inBody = false;
    machine.received = 0;
    machine.due = this.#fleet.now() + patience;
    machine.socket ??= this.#connect(machine, url);
    const range = stage === 'kernel' ? `Range: bytes=0-${this.#kernel.length - 1}\r\n` : '';
    machine.socket.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nConnection: keep-alive\r\nUser-Agent: iPXE/1.21.1\r\n${range}Host: ${url.host}\r\n\r\n`,
    );
  }

  #kernelUrl(machine: Machine): URL {
    const url = kernelUrl(this.#pageOf(machine).toString(), machine.settings);
    if (url?.endsWith(`/${this.#kernelName}`) !== true) this.#fleet.wrong(machine, `its kernel is ${url}`);
    return new URL(url ?? '');
  }

  #connect(machine: Machine, { hostname, port }: URL): Socket {
    const socket = connect({
      host: hostname,
      port: Number(port || 80),
      localAddress: formatIp4(machine.address),
      noDelay: true,
      onread: {
        buffer: taken,
        callback: (length) => {
          if (machine.socket === socket) this.#heard(machine, taken.subarray(0, length));
          return true;
        },
      },
    });
    const broke = () => {
      if (machine.socket !== socket) return;
      machine.socket = undefined;
      machine.due = this.#fleet.now() + pause;
    };
    return socket.on('error', broke).on('close', broke).on('end', broke);
  }

  #heard(machine: Machine, bytes: Buffer): void {
    machine.due = this.#fleet.now() + patience;
    const bodyAt = machine.inBody ? 0 : this.#headers(machine, bytes);
    if (bodyAt !== undefined) this.#body(machine, bytes.subarray(bodyAt));
  }

  /** Where the body begins in what came; undefined as long as the headers are not whole. */
  #headers(machine: Machine, bytes: Buffer): number | undefined {
    const before = machine.headers.length;
    machine.headers += bytes.toString('latin1', 0, Math.min(bytes.length, longestHeaders));
    const end = machine.headers.indexOf('\r\n\r\n');
    if (end === -1 && machine.headers.length < longestHeaders) return undefined;
    machine.headers = machine.headers.slice(0, end + 2);
    this.#checkHeaders(machine);
    machine.inBody = true;
    return end + 4 - before;
  }

  #checkHeaders(machine: Machine): void {
    const { stage, headers } = machine;
    const [, status] = /^HTTP\/1\.1 (\d+) /.exec(headers) ?? [];
    const [, length] = /\r\ncontent-length: *(\d+)\r\n/i.exec(headers) ?? [];
    const wanted = this.#wanted(machine).length;
    if (status !== (stage === 'script' ? '200' : '206') || Number(length) !== wanted)
      this.#fleet.wrong(machine, `HTTP answers with status ${status} and ${length} bytes of the ${stage}`);
  }

  #body(machine: Machine, bytes: Buffer): void {
    const wanted = this.#wanted(machine);
    const from = machine.received;
    const to = from + bytes.length;
    if (to > wanted.length || wanted.compare(bytes, 0, bytes.length, from, to) !== 0)
      this.#fleet.wrong(machine, `the ${machine.stage} is not what it must be, after byte ${from}`);
    machine.received = to;
    if (to === wanted.length) this.#fleet.next(machine);
  }

  /** The bytes that must come. */
  #wanted(machine: Machine): Buffer {
    return machine.stage === 'script' ? this.#pageOf(machine) : this.#kernel;
  }

  #pageOf(machine: Machine): Buffer {
    const page = this.#pages.get(machine) ?? Buffer.from(scriptOf(machine, this.#script));
    this.#pages.set(machine, page);
    return page;
  }
}

function scriptOf({ macText, number }: Machine, script: string): string {
  return script.replaceAll('@mac@', macText).replaceAll('@machine@', String(number));
}
