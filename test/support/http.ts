import { once } from 'node:events';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type HostPort, readSettings, type Source } from '#shared/config.ts';
import { httpSettings } from '../../services/http/config.ts';
import { startHttp } from '../../services/http/server.ts';
import { emptyMachines, type FakeMachines } from './machines.ts';
import { Keeping } from './telling.ts';

export interface RunningHttp extends AsyncDisposable {
  readonly addresses: readonly HostPort[];
  readonly port: number;
  /** Of HTTPS; undefined without a certificate. */
  readonly securePort: number | undefined;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly metrics: Registry;
  /** What the hardware service is told. */
  readonly reporter: Keeping;
  /** Every line that was logged, as it was parsed. */
  readonly log: readonly Record<string, unknown>[];
  /** The log line of a file, once it is there. */
  line(file: string): Promise<Record<string, unknown>>;
}

/** The real service on loopback, at a port of its own, with these flags: `--osie-url=…`, and these variables. */
export async function runHttp(
  flags: readonly string[] = [],
  machines: FakeMachines = emptyMachines,
  env: Source['env'] = {},
): Promise<RunningHttp> {
  const log: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const args = ['--http-addr=127.0.0.1', '--http-port=0', '--https-bind-port=0', ...flags];
  const settings = readSettings(httpSettings, { env, args });
  const metrics = new Registry();
  const reporter = new Keeping();
  const service = await startHttp({ settings, log: pino(sink), metrics }, machines, reporter);
  const port = service.addresses[0]!.port;
  return {
    addresses: service.addresses,
    port,
    securePort: service.secureAddresses[0]?.port,
    url: `http://127.0.0.1:${port}`,
    metrics,
    reporter,
    log,
    async line(file) {
      const deadline = Date.now() + 5000;
      for (;;) {
        const found = log.find((one) => one.file === file);
        if (found !== undefined) return found;
        if (Date.now() > deadline) throw new Error(`no line for ${file} in ${JSON.stringify(log)}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

export interface RawAnswer {
  readonly status: number;
  /** `HTTP/1.1 200 OK` */
  readonly statusLine: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Sends bytes as they are, as firmware would, and reads until the server closes the connection. @param from a source address */
export async function rawHttp(
  port: number,
  request: string | Buffer,
  from = '127.0.0.1',
): Promise<RawAnswer> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.write(request);
  await once(socket, 'close');
  return parseAnswer(Buffer.concat(chunks));
}

function parseAnswer(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  return {
    status: Number(statusLine.split(' ')[1]),
    statusLine,
    headers,
    body: bytes.subarray(end + 4),
  };
}
