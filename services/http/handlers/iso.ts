import { createHash } from 'node:crypto';
import { type SyslogSettings, syslogHostOf } from '#shared/script/decide.ts';
import { decideIso } from '../decide/iso-answer.ts';
import { isoMachine } from '../decide/iso-mount.ts';
import { UpstreamError } from '../iso/failure.ts';
import type { Mount, Mounts } from '../iso/mounts.ts';
import { openPatched } from '../iso/patched.ts';
import type { Source } from '../iso/source.ts';
import { mediaTypeOf } from '../wire/media-type.ts';
import { type Answer, refusal } from './answer.ts';
import type { Asked } from './asked.ts';

/** `/iso/<mac>/<any>.iso`: the machine's ISO with its kernel arguments in it, whole or in ranges. */
export async function answerIso(asked: Asked, mounts: Mounts, settings: SyslogSettings): Promise<Answer> {
  const named = isoMachine(asked.path);
  if ('why' in named) return refusal('iso', named.why, { detail: named.detail });
  const { mac } = named;
  if (asked.here === undefined) return refusal('iso', 'bad-request', { mac, detail: 'Host' });

  const mount = await mounts.find(mac, syslogHostOf(settings, asked.here));
  if ('why' in mount) return refusal('iso', mount.why, { mac, detail: mount.detail });
  try {
    return { ...(await answerMount(asked, mount, mounts)), mac };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.why === 'upstream-changed') mounts.end(mount);
    return refusal('iso', error.why, { mac, detail: error.message });
  }
}

async function answerMount({ message }: Asked, mount: Mount, { magic }: Mounts): Promise<Answer> {
  const { method = '', headers, socket } = message;
  const source = await mount.source;
  const { size, ranges } = source;
  const etag = etagOf(source, mount.patch);
  const answer = decideIso(method, headers, { size, etag, ranges });
  if ('why' in answer) {
    const length = answer.why === 'range-not-satisfiable' ? { 'content-range': `bytes */${size}` } : {};
    return refusal('iso', answer.why, { headers: length });
  }
  const common = {
    'accept-ranges': ranges ? 'bytes' : 'none',
    // It may hold registry credentials: no proxy keeps it.
    'cache-control': 'no-store',
    ...(etag === undefined ? {} : { etag }),
  };
  if (answer.status === 304) return { said: 'iso', why: 'ok', status: 304, headers: common, body: '' };

  const { status, range } = answer;
  return {
    said: 'iso',
    why: 'ok',
    status,
    headers: {
      ...common,
      'content-type': mediaTypeOf('.iso'),
      'content-length': range.end - range.start,
      ...(status === 206 ? { 'content-range': `bytes ${range.start}-${range.end - 1}/${size}` } : {}),
    },
    body: method === 'HEAD' ? '' : await openPatched(source, range, magic, mount.patch, socket),
    // A machine reads a mounted ISO in thousands of small parts.
    routine: status === 206,
  };
}

/** Of the ISO and of what is written into it: weak where the upstream's own says less than "the same bytes". */
function etagOf({ version, size, hasVersion }: Source, patch: Uint8Array): string | undefined {
  if (!hasVersion) return undefined;
  const { etag, modified } = version;
  const hash = createHash('sha256').update(`${etag}\n${modified}\n${size}\n`).update(patch);
  const weak = etag === undefined || etag.startsWith('W/') ? 'W/' : '';
  return `${weak}"${hash.digest('base64url').slice(0, 27)}"`;
}
