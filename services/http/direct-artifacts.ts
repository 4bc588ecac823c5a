import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Machines } from '#shared/hardware/machine.ts';
import type { Tracing } from '#shared/trace/tracing.ts';
import type { Arrival } from './account.ts';
import type { HttpSettings } from './config.ts';
import { artifactPrefix } from './decide/area.ts';
import { deliverBytes, deliverPart } from './deliver.ts';
import { FilePart, PartBytes } from './file/part.ts';
import type { Sendfile } from './file/sendfile.ts';
import { machineAt } from './handlers/asked.ts';
import { answerFile, type Files } from './handlers/file.ts';
import type { InFlight } from './in-flight.ts';
import { limits } from './limits.ts';
import { plainHost } from './wire/plain-request.ts';
import { clientAddress } from './wire/request.ts';

export interface ArtifactParts {
  readonly settings: Pick<HttpSettings, 'artifactDir'>;
  readonly machines: Pick<Machines, 'byIp'>;
  readonly files: Files;
  readonly inFlight: InFlight;
  readonly stopping: () => boolean;
  /** undefined when there is no tracing. */
  readonly tracing: Tracing | undefined;
  /** undefined: every artifact goes through the routes. */
  readonly sendfile: Sendfile | undefined;
}

/** Nothing in it has to be decoded, nor any slash to be taken away. Whether it leads out of the folder is for the folder to say. */
const artifactTarget = /^\/artifacts(?:\/[\w.~-]+)+$/;

/**
 * Whole artifacts for those who ask as boot clients do, past the framework: a rack that boots asks for its kernel a thousand times
 * a second. The file is found, looked at, sent, told and counted by the same functions. Whatever is not just that (a refusal, a
 * range, a condition, an empty file, TLS, a trace, a proxy) is left to the routes (docs/decisions/0011).
 */
export class DirectArtifacts {
  readonly #parts: ArtifactParts;

  constructor(parts: ArtifactParts) {
    this.#parts = parts;
  }

  /** Whether it was answered, which may take a look at the disk to say. If not, nothing has been done. */
  answer(request: IncomingMessage, response: ServerResponse): false | Promise<boolean> {
    const { method, url = '', rawHeaders, socket } = request;
    const { stopping, tracing, sendfile } = this.#parts;
    if (method !== 'GET' || !artifactTarget.test(url) || url.length > limits.target) return false;
    if (tracing !== undefined || stopping() || !sendfile?.canReach(socket)) return false;
    const askedAt = performance.now();
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined || plainHost(rawHeaders) === undefined) return false;
    const client = clientAddress(remoteAddress);
    const peer = `${remoteAddress}:${remotePort}`;
    return this.#answer({ askedAt, peer, client, method, url, headers: {} }, response, sendfile);
  }

  async #answer(arrival: Arrival, response: ServerResponse, sendfile: Sendfile): Promise<boolean> {
    const { settings, machines, files, inFlight, stopping } = this.#parts;
    const path = arrival.url.slice(artifactPrefix.length);
    // A mistake of ours is for the routes to run into: they tell of it.
    const answer = await answerFile('artifact', arrival, settings.artifactDir, path, files).catch(
      () => undefined,
    );
    if (!(answer?.body instanceof FilePart || answer?.body instanceof PartBytes)) return false;
    const { body } = answer;
    const told = { ...answer, mac: machineAt(machines, arrival.client)?.dhcp.mac };
    if (body instanceof PartBytes) deliverBytes(arrival, response, told, body, { inFlight, stopping });
    else deliverPart(arrival, response, told, body, { inFlight, stopping, sendfile });
    return true;
  }
}
