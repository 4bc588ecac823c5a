import type { resolveAsset } from '#shared/assets/route.ts';
import type { Reason } from '#shared/boot/reasons.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import type { Site } from '#shared/script/authority.ts';
import { anyScript, decideScript, type ScriptSettings } from '#shared/script/decide.ts';
import type { Script } from '#shared/script/render.ts';
import { detailsOf, type Step, type Told } from './step.ts';
import type { Names } from './world.ts';

/** What the machine has then; undefined when it has nothing. `elsewhere`: whatever another server gives it. */
export type Got =
  | { readonly kind: 'file' | 'elsewhere' }
  | { readonly kind: 'script'; readonly script: Script }
  | undefined;

/** What is served for a path, or why nothing is. */
type Served = Exclude<Got, undefined> | { readonly why: Reason; readonly detail?: string | undefined };

/** A step of TFTP or HTTP before it is known how it ends. */
export type Asking = Pick<Step, 'stage' | 'service' | 'asks'> & {
  readonly file: string;
  readonly gets: string;
};

/** Not looked at by anybody: it may be there. */
const unseen = Symbol('unseen');

export function servedBy(
  asset: ReturnType<typeof resolveAsset>,
  loaders: Names,
  settings: ScriptSettings,
  site: Site,
): Served | typeof unseen {
  if ('why' in asset) return asset;
  switch (asset.kind) {
    case 'loader':
      if (loaders === undefined) return unseen;
      return loaders.has(asset.name) ? { kind: 'file' } : { why: 'loader-missing', detail: asset.name };
    case 'text':
      return { kind: 'file' };
    case 'script':
      return scriptFor(asset.machine, settings, site);
    case 'file':
      return unseen;
  }
}

function scriptFor(machine: Machine | undefined, settings: ScriptSettings, site: Site): Served {
  if (machine === undefined) return { kind: 'script', script: anyScript(settings, site) };
  const decision = decideScript(machine, settings, site);
  return 'why' in decision ? decision : { kind: 'script', script: decision.script };
}

/** Of a folder a service tells its files, its folders (`hook/`), and `…` where there is more. */
export function fileAmong(names: Names, name: string): Served | typeof unseen {
  const [folder, ...below] = name.split('/');
  if (names === undefined || names.has('…') || (below.length > 0 && names.has(`${folder}/`))) return unseen;
  return names.has(name) ? { kind: 'file' } : { why: 'not-found', detail: name };
}

/** @param folder the setting that names where the file would lie */
export function* told(asking: Asking, served: Served | typeof unseen, folder: string): Generator<Told, Got> {
  if (served === unseen) {
    yield toStep(asking, { kind: 'file' });
    yield {
      unknown: `Whether ${asking.file} is there: the ${asking.service} service has not told what ${folder} holds.`,
    };
    return { kind: 'file' };
  }
  yield toStep(asking, served);
  return 'why' in served ? undefined : served;
}

export function toStep({ gets, file, ...asking }: Asking, served: Served): Step {
  if ('why' in served) {
    const { why, detail } = served;
    const said = asking.service === 'tftp' ? 'ERROR' : gets;
    return { ...asking, outcome: 'no', said, why, details: detailsOf({ file, detail }) };
  }
  const detail = served.kind === 'script' ? served.script.kind : undefined;
  return { ...asking, outcome: 'yes', said: gets, why: 'ok', details: detailsOf({ file, detail }) };
}
