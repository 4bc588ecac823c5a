import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface LoadResult {
  readonly requests: number;
  /** What went wrong, one sentence for each request that did not bring its whole body with a 200. */
  readonly failures: readonly string[];
}

/** Between two requests of one worker, in milliseconds. */
const breath = 5;

/**
 * GETs without end from several workers, every body compared with the one that is due: half of the workers keep their
 * connection, as iPXE does, half open one for each request, as firmware does.
 */
export class ConstantLoad {
  requests = 0;
  readonly #failures: string[] = [];
  readonly #workers: readonly Promise<void>[];
  #ending = false;

  /** @param bodies what each URL is due to answer */
  constructor(bodies: ReadonlyMap<string, Buffer>, workers = 8) {
    this.#workers = Array.from({ length: workers }, (_, at) => this.#work([...bodies], at));
  }

  async end(): Promise<LoadResult> {
    this.#ending = true;
    await Promise.all(this.#workers);
    return { requests: this.requests, failures: this.#failures };
  }

  async #work(due: readonly (readonly [string, Buffer])[], worker: number): Promise<void> {
    const agent = worker % 2 === 0 ? new Agent({ keepAlive: true, maxSockets: 1 }) : new Agent();
    for (let at = worker; !this.#ending; at++) {
      const [url, body] = due[at % due.length]!;
      await fetchBody(url, agent).then(
        (got) => {
          if (!got.equals(body)) this.#failures.push(`${url}: ${got.length} bytes that are not its own`);
        },
        (error: Error) => this.#failures.push(`${url}: ${error.message}`),
      );
      this.requests++;
      await pause(breath);
    }
    agent.destroy();
  }
}

/** The whole body. Rejects for any other status than 200, and when the connection ends before the body does. */
export function fetchBody(url: string, agent?: Agent, headers: Record<string, string> = {}): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const request = get(url, { ...(agent && { agent }), headers, timeout: 10_000 }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => {
      const body = Buffer.concat(chunks);
      if (response.statusCode === 200) resolve(body);
      else reject(new Error(`${response.statusCode} ${body.toString('utf8', 0, 200)}`));
    });
  });
  request.on('timeout', () => request.destroy(new Error('no answer within 10 s')));
  request.on('error', reject);
  return promise;
}
