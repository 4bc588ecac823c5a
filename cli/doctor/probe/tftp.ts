import { loadLoaders } from '#shared/assets/ipxe.ts';
import type { HostPort } from '#shared/config.ts';
import { StepError } from '../../simulate/failure.ts';
import { tftpRead } from '../../simulate/tftp.ts';
import type { NeededLoader } from '../decide/needed-loaders.ts';
import type { LoaderFact, TftpFact } from '../facts.ts';
import { command } from './command.ts';

/** For one read, in milliseconds: a loader has 2000 blocks, which take well under a second here. */
const readWithin = 3000;

/** What PXE firmware asks for: a frame of Ethernet, full. */
export const largeBlock = 1468;
export const smallBlock = 512;

export interface TftpProbe {
  readonly tftp: readonly TftpFact[];
  readonly loaders: readonly LoaderFact[];
}

/**
 * Reads every loader that is needed by TFTP, with a codec that is not ours; then one of them with curl in large blocks. Where TFTP
 * does not answer, the folder of the loaders is looked into.
 */
export async function probeTftp(
  servers: readonly HostPort[],
  needed: readonly NeededLoader[],
  ipxeDir: string | undefined,
): Promise<TftpProbe> {
  const [first, ...others] = servers;
  if (first === undefined) return { tftp: [], loaders: await inFolder(needed, ipxeDir) };
  const reads = await Promise.all(needed.map(async (one) => ({ ...one, read: await read(first, one.file) })));
  const fetched = reads.find((one) => one.read === 'whole')?.file;
  const tftp = [
    await ask(
      first,
      fetched,
      reads.map((one) => one.read),
    ),
    ...(await Promise.all(others.map(async (server) => await ask(server, fetched, [])))),
  ];
  if (tftp[0]?.answers !== true) return { tftp, loaders: await inFolder(needed, ipxeDir) };
  const where = `what TFTP serves at ${first.host}:${first.port}${ipxeDir === undefined ? '' : ` (${ipxeDir})`}`;
  const loaders = reads.map(({ file, neededBy, read: end }) => ({
    file,
    neededBy,
    where,
    there: end !== 'refused',
    served: true,
  }));
  return { tftp, loaders };
}

type Read = 'whole' | 'refused' | 'silent';

async function ask(server: HostPort, file: string | undefined, reads: readonly Read[]): Promise<TftpFact> {
  // A name that nobody has is refused, which is an answer, too.
  const answer = reads.find((one) => one !== 'silent') ?? (await read(server, file ?? 'smee-doctor'));
  const { host: where, port } = server;
  const isLargeTried = answer === 'whole' && file !== undefined;
  return {
    where,
    port,
    answers: answer !== 'silent',
    largeBlocks: isLargeTried ? await curlFetches(server, file, largeBlock) : undefined,
  };
}

async function read(server: HostPort, file: string): Promise<Read> {
  const signal = AbortSignal.timeout(readWithin);
  try {
    await tftpRead({ server, file, localAddress: undefined, signal, onData: () => undefined });
    return 'whole';
  } catch (error) {
    return error instanceof StepError && error.message.startsWith('ERROR') ? 'refused' : 'silent';
  }
}

/** undefined when curl is not here, or knows no TFTP. */
async function curlFetches(server: HostPort, file: string, block: number): Promise<boolean | undefined> {
  const ended = await command('curl', curlArgs(server, file, block), readWithin + 1000);
  // 1: this curl was built without TFTP; 2: or without the option.
  return ended === undefined || ended.code === 1 || ended.code === 2 ? undefined : ended.code === 0;
}

export function curlArgs({ host, port }: HostPort, file: string, block: number): readonly string[] {
  // A record names the file: each character stands for itself, and no `;mode=` or `[1-9]` means anything to curl.
  const url = `tftp://${host}:${port}/${file.split('/').map(encodeURIComponent).join('/')}`;
  return [
    // First, as curl wants it: no settings of this user's.
    '-q',
    '--globoff',
    '-sS',
    '--noproxy',
    '*',
    '-m',
    String(readWithin / 1000),
    '--tftp-blksize',
    String(block),
    '-o',
    '/dev/null',
    url,
  ];
}

/** Nothing is said of a folder that is not there: the loaders lie on another host, or in an image. */
async function inFolder(
  needed: readonly NeededLoader[],
  ipxeDir: string | undefined,
): Promise<readonly LoaderFact[]> {
  const loaders = await loadLoaders(ipxeDir).catch(() => undefined);
  const where = loaders?.folder;
  if (loaders === undefined || where === undefined) return [];
  return await Promise.all(
    needed.map(async ({ file, neededBy }) => ({
      file,
      neededBy,
      where,
      there: 'bytes' in (await loaders.read(file)),
      served: false,
    })),
  );
}
