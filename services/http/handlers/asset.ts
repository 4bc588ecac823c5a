import type { Loaders } from '#shared/assets/ipxe.ts';
import { resolveAsset } from '#shared/assets/route.ts';
import type { DhcpMode } from '#shared/boot/mode.ts';
import type { Machines } from '#shared/hardware/machine.ts';
import type { Mac } from '#shared/mac.ts';
import type { ScriptSettings } from '#shared/script/decide.ts';
import type { Area } from '../decide/area.ts';
import { mediaTypeOf, plainText } from '../wire/media-type.ts';
import { type Answer, refusal, type Said } from './answer.ts';
import type { Asked } from './asked.ts';
import { answerFile, type Files } from './file.ts';
import { answerScript } from './script.ts';

interface AssetSettings extends ScriptSettings {
  readonly tftpAssetDir: string | undefined;
  readonly dhcpMode: DhcpMode;
}

/** Where the answers come from. */
interface Sources {
  readonly loaders: Loaders;
  readonly machines: Machines;
  readonly files: Files;
  readonly settings: AssetSettings;
}

/** Whatever HTTP shares with TFTP: loaders, scripts, and under `pxe-http-path-prefix` the texts of records and the asset folder. */
export async function answerAsset(
  asked: Asked,
  { said, path, open }: Area,
  sources: Sources,
): Promise<Answer> {
  const { loaders, machines, files, settings } = sources;
  const { tftpAssetDir: folder, dhcpMode: mode } = settings;
  const { mac } = path;
  const shelf = { loaders: await loaders.names(), machines, hasAssets: folder !== undefined, open, mode };
  const asset = resolveAsset(path, asked.client, shelf);
  if ('why' in asset) return refusal(said, asset.why, { mac });
  switch (asset.kind) {
    case 'loader':
      return await loader(said, asset.name, mac, loaders);
    case 'script':
      return answerScript(asset, mac, asked, settings);
    case 'text':
      return { said, why: 'ok', status: 200, headers: recordText, body: asset.text, mac };
    case 'file':
      if (folder === undefined) return refusal(said, 'not-found', { mac });
      return { ...(await answerFile(said, asked.message, folder, asset.path, files)), mac };
  }
}

/** Of one machine: no proxy keeps it. */
const recordText = { 'content-type': plainText, 'cache-control': 'no-store' };

async function loader(said: Said, name: string, mac: Mac | undefined, loaders: Loaders): Promise<Answer> {
  const found = await loaders.read(name);
  if ('why' in found) return refusal(said, found.why, { mac, detail: name });
  const headers = {
    'content-type': mediaTypeOf(name),
    'last-modified': found.modified.toUTCString(),
    'cache-control': 'no-cache',
  };
  return { said, why: 'ok', status: 200, headers, body: found.bytes, mac };
}
