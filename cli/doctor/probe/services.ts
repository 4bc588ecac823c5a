import { formatHostPort } from '#shared/config.ts';
import { messageOf } from '#shared/errors.ts';
import { isAllowed } from '../../up/ports.ts';
import type { ServiceFact } from '../facts.ts';
import type { Place } from '../site.ts';
import { readHolders } from './holders.ts';

/** Asks each service whether it can work, and looks who has its port. */
export async function probeServices(places: readonly Place[]): Promise<readonly ServiceFact[]> {
  const holdersOf = await readHolders();
  return await Promise.all(
    places.map(async ({ service, ops, protocol, wanted, actual }) => {
      const [health, allowed] = await Promise.all([
        askReadiness(`http://${formatHostPort(ops)}/readyz`),
        isAllowed(wanted),
      ]);
      const holders = await holdersOf(protocol, wanted);
      return { service, ...health, wanted: { protocol, port: wanted, holders, allowed }, actual };
    }),
  );
}

async function askReadiness(asked: string): Promise<Pick<ServiceFact, 'state' | 'why' | 'asked'>> {
  try {
    const response = await fetch(asked, { signal: AbortSignal.timeout(2500), redirect: 'error' });
    const body = await response.text();
    return { state: response.ok ? 'ready' : 'not-ready', why: response.ok ? '' : whyIn(body), asked };
  } catch (error) {
    // fetch says "fetch failed", and its cause says why.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { state: 'silent', why: messageOf(cause), asked };
  }
}

/** `{"ready":false,"why":"…"}` */
function whyIn(body: string): string {
  return /"why":"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? 'it does not say why';
}
