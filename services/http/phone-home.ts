import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Machines } from '#shared/hardware/machine.ts';
import type { Deliver } from './deliver.ts';
import { refusal } from './handlers/answer.ts';
import { readAsked } from './handlers/asked.ts';
import { answerPhoneHome, phoneHomePath } from './handlers/phone-home.ts';

/** Bytes of what comes along, which nobody reads: cloud-init sends its host keys. */
const longestBody = 65_536;

/** Whether a request may be a POST: nothing else may. */
export function mayPost({ method, url }: FastifyRequest): boolean {
  return method === 'POST' && /^\/+phone-home(\/|\?|$)/.test(url);
}

/** In a scope of its own: here, and nowhere else, a request may bring a body. It is read to its end, and to nothing. */
export function addPhoneHome(app: FastifyInstance, deliver: Deliver, machines: Machines): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: longestBody }, async () => undefined);
    scope.setErrorHandler((error, request, reply) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'))
        throw error;
      return deliver(request, reply, { ...refusal('phone-home', 'request-too-big'), status: 413 });
    });
    for (const url of [phoneHomePath, `${phoneHomePath}/*`]) {
      scope.route({
        method: ['GET', 'POST'],
        url,
        exposeHeadRoute: false,
        handler: (request, reply) => {
          const asked = readAsked(request);
          const answer =
            asked === undefined ? refusal('phone-home', 'bad-request') : answerPhoneHome(asked, machines);
          return deliver(request, reply, answer);
        },
      });
    }
  });
}
