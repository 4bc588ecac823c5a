import type { Reason } from '#shared/boot/reasons.ts';
import { fetch, growing, initrd, kernel, loader, offerOnce, offerRepeated } from './patience.ts';
import type { Progress } from './progress.ts';

/** What a boot should do next, and from when on it is a failure that it did not. */
export interface Awaited {
  readonly reason: Reason;
  /** What the reason speaks of; may be empty. */
  readonly detail?: string;
  /** Milliseconds since 1970. */
  readonly due: number;
}

/** Undefined when nothing more is expected that we would hear: it is left to itself. */
export function awaitedOf(progress: Progress): Awaited | undefined {
  const { got, heard, systemHeard, phoned, asking, fetching } = progress;
  if (phoned || systemHeard || got.has('initrd') || got.has('iso')) return undefined;
  if (fetching !== undefined)
    return { reason: 'fetch-stopped', detail: fetching.detail, due: fetching.until + growing };
  // A kernel by TFTP comes from pxelinux, U-Boot or a Raspberry Pi, which fetch what they like.
  if (got.has('kernel'))
    return got.has('script') ? { reason: 'initrd-not-fetched', due: heard + initrd } : undefined;
  if (got.has('script')) return { reason: 'kernel-not-fetched', due: heard + kernel };
  if (asking !== undefined) return whileAsking(asking);
  if (got.has('file')) return undefined;
  return got.has('loader') ? { reason: 'loader-silent', due: heard + loader } : undefined;
}

function whileAsking({
  kind,
  since,
  offers,
  requested,
  last,
  relay,
  elsewhere,
}: NonNullable<Progress['asking']>): Awaited | undefined {
  if (requested) {
    if (elsewhere) return undefined;
    return { reason: kind === 'ipxe' ? 'script-not-fetched' : 'loader-not-fetched', due: last + fetch };
  }
  if (offers === 0) return undefined;
  return {
    ...(relay === '' ? { reason: 'offer-unanswered' } : { reason: 'relay-unreachable', detail: relay }),
    due: offers > 1 ? Math.max(since + offerRepeated, last) : since + offerOnce,
  };
}
