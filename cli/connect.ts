import { formatHostPort, readSettings } from '#shared/config.ts';
import { type BootClient, connectBoots } from '#shared/events/client.ts';
import { type ClientSettings, clientSettings } from '#shared/grpc/settings.ts';
import { connectHardware, type HardwareClient } from '#shared/hardware/client.ts';
import { readUpFile, type UpFile, upFilePath } from './up-file.ts';

export interface Local {
  /** The `smee up` of this host, when it runs. */
  readonly up: UpFile | undefined;
}

/** What runs here, as data/up.json says; a hint about a file that cannot be used goes to standard error. */
export async function findLocal(): Promise<Local> {
  const { env } = process;
  const { up, hint } = await readUpFile(upFilePath(env.SMEE_SQLITE_PATH || 'data/smee.db'));
  if (hint !== undefined) process.stderr.write(`note: ${hint}\n`);
  return { up };
}

/**
 * A client of the hardware service: where `address` says, else SMEE_HARDWARE_ADDR, else the `smee up` of this host, else the
 * default.
 * @throws {ConfigError} about the address, the token or the certificates
 */
export function connect(address: string | undefined, local: Local): HardwareClient {
  return connectHardware(settingsOf(address, local));
}

/** The same for the boots that it knows. */
export function connectToBoots(address: string | undefined, local: Local): BootClient {
  return connectBoots(settingsOf(address, local));
}

function settingsOf(address: string | undefined, { up }: Local): ClientSettings {
  const { env } = process;
  const args = address === undefined ? [] : [`--hardware-addr=${address}`];
  const here = up === undefined ? {} : { SMEE_HARDWARE_ADDR: formatHostPort(up.hardware) };
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  return readSettings(clientSettings, { env: { ...here, ...given }, args });
}
