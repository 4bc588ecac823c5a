import type { Hardware } from '#shared/hardware/contract.ts';
import { checkName } from '../decide/match.ts';
import { absent, invalid, readOnly, stale, taken } from '../decide/refusals.ts';
import { validate } from '../decide/validate.ts';
import type { Answer, Caller, Handling } from '../handling.ts';
import { encodeHardware } from '../store/codec.ts';
import type { Writer, Written } from '../store/store.ts';
import { applyResponse } from '../wire/answers.ts';
import type { Refusal } from '../wire/status.ts';

/** A list or a watch puts up to twice this into one message, and a client accepts 4 MiB. */
const recordBytes = 1024 * 1024;

interface WriteRequest {
  readonly hardware?: Hardware;
}

export async function createHardware(at: Handling, request: WriteRequest, who: Caller): Promise<Answer> {
  const refused = createRefusal(request);
  const written = refused ?? (await write(at, 'create', request, who));
  return 'code' in written ? written : written.record.bytes;
}

export async function updateHardware(at: Handling, request: WriteRequest, who: Caller): Promise<Answer> {
  const written = await write(at, 'update', request, who);
  return 'code' in written ? written : written.record.bytes;
}

export async function applyHardware(at: Handling, request: WriteRequest, who: Caller): Promise<Answer> {
  const written = await write(at, 'apply', request, who);
  return 'code' in written ? written : applyResponse(written.record.bytes, written.outcome === 'created');
}

export async function deleteHardware(
  at: Handling,
  request: { readonly name?: string; readonly revision?: number },
  who: Caller,
): Promise<Answer> {
  const { name = '', revision = 0 } = request;
  const violation = checkName(name);
  if (violation !== undefined) return invalid([violation]);
  if (at.store.writer === undefined) return readOnly(at.store.readOnly);
  const written = settled(await at.store.writer.delete(name, revision), name, revision);
  if ('code' in written) return written;
  logWrite(at, written, who);
  return new Uint8Array(0);
}

type Done = Extract<Written, { record: unknown }>;

/** Validate, write, log. */
async function write(
  { store, log }: Handling,
  verb: Exclude<keyof Writer, 'delete'>,
  { hardware }: WriteRequest,
  who: Caller,
): Promise<Done | Refusal> {
  const validated = validate(hardware);
  if (!validated.valid) return invalid(validated.violations);
  const { length } = encodeHardware(validated.hardware);
  if (length > recordBytes)
    return invalid([
      { field: 'hardware', description: `is ${length} bytes; at most ${recordBytes} are accepted` },
    ]);
  if (store.writer === undefined) return readOnly(store.readOnly);
  const written = await store.writer[verb](validated.hardware);
  const { name = '', revision = 0 } = validated.hardware;
  const done = settled(written, name, revision);
  if (!('code' in done)) logWrite({ log }, done, who, validated.hardware.interfaces[0]?.dhcp?.mac);
  return done;
}

function createRefusal({ hardware }: WriteRequest): Refusal | undefined {
  if ((hardware?.revision ?? 0) === 0) return undefined;
  const validated = validate(hardware);
  return invalid([
    { field: 'hardware.revision', description: 'must be absent: what is created has none yet' },
    ...(validated.valid ? [] : validated.violations),
  ]);
}

function settled(written: Written, name: string, seen: number): Done | Refusal {
  switch (written.outcome) {
    case 'taken':
      return taken(written.conflicts);
    case 'stale':
      return stale(name, seen, written.current);
    case 'absent':
      return absent(`name ${JSON.stringify(name)}`);
    default:
      return written;
  }
}

/** @param mac of the first interface, so that whoever follows a machine's MAC through the logs sees its record change */
function logWrite(
  { log }: Pick<Handling, 'log'>,
  { outcome, record }: Done,
  who: Caller,
  mac?: string,
): void {
  const { name, revision } = record;
  log.info({ ...who, name, mac, revision }, `hardware ${outcome}`);
}
