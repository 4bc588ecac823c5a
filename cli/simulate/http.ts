import { type IncomingMessage, request } from 'node:http';
import { reasonIn, StepError } from './failure.ts';

export interface HttpGet {
  readonly url: URL;
  readonly method?: 'GET' | 'HEAD';
  /** Where to send from; the host's own choice when absent. */
  readonly localAddress: string | undefined;
  readonly userAgent: string;
  readonly signal: AbortSignal;
  /** Called with each piece of the body, in order. */
  readonly onData: (data: Uint8Array) => void;
}

/** How much of an error's body is kept: it is one sentence with the reason. */
const errorBodyLimit = 2000;

/**
 * One GET or HEAD as firmware sends it: HTTP/1.1, no redirects, a connection of its own. Resolves with the Content-Length.
 * @throws {StepError} when the answer isn't a 200 with as many bytes as its Content-Length says
 */
export async function httpGet(get: HttpGet): Promise<number> {
  const { url, method = 'GET', onData } = get;
  if (url.protocol !== 'http:') throw new StepError(`${url.protocol} is not spoken by this machine: ${url}`);
  const response = await send(get, method);
  if (response.statusCode !== 200) {
    // The reason stands in the body, which the answer to a HEAD has not.
    throw await refusal(url, method === 'GET' ? response : await send(get, 'GET'));
  }
  const announced = Number(response.headers['content-length'] ?? Number.NaN);
  if (Number.isNaN(announced)) throw new StepError(`${url}: no Content-Length, which UEFI firmware refuses`);
  let received = 0;
  for await (const chunk of response) {
    received += chunk.length;
    onData(chunk);
  }
  if (method === 'GET' && received !== announced) {
    throw new StepError(`${url}: ${received} bytes of ${announced} came`);
  }
  return announced;
}

function send({ url, localAddress, userAgent, signal }: HttpGet, method: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      method,
      agent: false,
      headers: { 'user-agent': userAgent },
      signal,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    asked.once('response', resolve);
    asked.once('error', (error) =>
      reject(signal.aborted ? error : new StepError(`${url}: ${error.message}`)),
    );
    asked.end();
  });
}

async function refusal(url: URL, response: IncomingMessage): Promise<StepError> {
  let body = '';
  for await (const chunk of response) {
    if (body.length < errorBodyLimit) body += String(chunk);
  }
  const said = body.slice(0, errorBodyLimit).trim().replaceAll(/\s+/g, ' ');
  return new StepError(`${url}: ${response.statusCode} ${said}`.trimEnd(), reasonIn(said));
}
