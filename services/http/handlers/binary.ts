import type { Loaders } from '#shared/assets/ipxe.ts';
import { parseAssetPath, resolveAsset } from '#shared/assets/route.ts';
import { refusesNamed } from '#shared/boot/gate.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import { mediaTypeOf } from '../wire/media-type.ts';
import { type Answer, refusal } from './answer.ts';
import type { Asked } from './asked.ts';

/**
 * `/ipxe/[…/][<mac>/]<binary>[-<traceparent>]`: an iPXE binary, patched. Loaders are public bytes; only a machine that the
 * path names, and that may not boot, is refused.
 */
export async function answerBinary(asked: Asked, machines: Machines, loaders: Loaders): Promise<Answer> {
  const path = parseAssetPath(asked.path);
  const { mac } = path;
  const why = refusesNamed(mac, machines);
  if (why !== undefined) return refusal('loader', why, { mac });

  const asset = resolveAsset(path, await loaders.names());
  if (asset?.kind !== 'loader') return refusal('loader', 'not-found', { mac });
  const loader = await loaders.read(asset.name);
  if ('why' in loader) return refusal('loader', loader.why, { mac, detail: asset.name });
  return {
    said: 'loader',
    why: 'ok',
    status: 200,
    headers: {
      'content-type': mediaTypeOf(loader.name),
      'last-modified': loader.modified.toUTCString(),
      'cache-control': 'no-cache',
    },
    body: loader.bytes,
    mac,
  };
}
