import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '#shared/config.ts';
import { toMachines } from '#shared/hardware/convert.ts';
import { formatIp4 } from '#shared/ip4.ts';
import { decideScript } from '#shared/script/decide.ts';
import { renderScript } from '#shared/script/render.ts';
import { decodeHardware, encodeHardware } from '../services/hardware/store/codec.ts';
import { httpSettings } from '../services/http/config.ts';
import { server } from './bench-lab.ts';
import { type Order, writeOrders } from './http-orders.ts';
import { addressOfMachine, macOfMachine, recordOfMachine } from './records.ts';

/** Where smee is, and as what every server is asked: the scripts name it. */
const here = { scheme: 'http', host: server, text: `${server}:8080` } as const;

/** Files with what is asked and due. */
export interface ScriptOrders {
  /** Each machine's own URL, with its MAC. */
  readonly mac: string;
  /** One URL for all: its address tells who asks. */
  readonly address: string;
  /** Each its own URL, and all the script of the first: of a server that knows nothing else. */
  readonly constant: string;
  /** The URLs of the first, one a line. */
  readonly paths: string;
}

/**
 * Writes each machine's script into a file, by MAC and by address, for a server that knows nothing but files; and what is asked
 * and due. The scripts are those of our own decision, which its tests hold to goldens, with nothing of the service around it.
 */
export async function writeScripts(root: string, machines: number): Promise<ScriptOrders> {
  const settings = usualSettings();
  const byMac: Order[] = [];
  const byAddress: Order[] = [];
  mkdirSync(join(root, 'by-address'), { recursive: true });
  for (let number = 0; number < machines; number++) {
    const mac = macOfMachine(number);
    const address = addressOfMachine(number);
    const [path, body] = [`/${mac}/auto.ipxe`, Buffer.from(scriptOfMachine(number, settings))];
    mkdirSync(join(root, mac));
    writeFileSync(join(root, path), body);
    linkSync(join(root, path), join(root, 'by-address', formatIp4(address)));
    byMac.push({ address, path, body });
    byAddress.push({ address, path: '/auto.ipxe', body });
  }
  const [first] = byMac;
  const files = {
    mac: `${root}.mac`,
    address: `${root}.address`,
    constant: `${root}.constant`,
    paths: `${root}.paths`,
  };
  writeFileSync(files.paths, byMac.map(({ path }) => `${path}\n`).join(''));
  await writeOrders(files.mac, here.text, byMac);
  await writeOrders(files.address, here.text, byAddress);
  await writeOrders(
    files.constant,
    here.text,
    byMac.map((order) => ({ ...order, body: first?.body ?? order.body })),
  );
  return files;
}

const usualSettings = () => readSettings(httpSettings, { env: {}, args: [] });

/** What smee makes of a machine's record by itself, without any setting. */
export function scriptOfMachine(number: number, settings = usualSettings()): string {
  const [machine] = toMachines(decodeHardware(encodeHardware(recordOfMachine(number)))).machines;
  const decision = machine && decideScript(machine, settings, here);
  if (decision === undefined || 'why' in decision) throw new Error(`machine ${number} has no script`);
  return renderScript(decision.script);
}
