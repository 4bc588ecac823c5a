import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type PowerOn, powerOn } from './lab-machine.ts';

/** How iPXE's list of features in option 175 begins, and `HTTP, version 1` in it. */
const listStart = Buffer.from('eb03010000170101', 'hex');
const httpFeature = Buffer.from('130101', 'hex');

/** RFC 2132 §3.1: pads. What stands after them in an encapsulated option is read all the same. */
const pads = '0x000000';

/** How long the card's iPXE waits for us before it boots, in seconds. */
const waits = 6;

/** The last MiB of the 512 of `powerOn`: iPXE moves itself to the end of memory. */
const memory = { start: 0x1ff0_0000, length: 0x10_0000 } as const;

/**
 * A network card with an iPXE that cannot do HTTP, which Debian does not build: Debian's, from which the word about HTTP in
 * option 175 is taken. Its user class is `iPXE`, as that of the loader that it is to be given.
 *
 * @param folder of the test's own
 */
export function cardWithoutHttp(folder: string): Readonly<Record<'bios' | 'uefi', PowerOn>> {
  return {
    /** The list of features is packed into ipxe.lkrn: it is changed in memory, once it has unpacked itself there. */
    async bios(test, lab, machine) {
      const [script, socket] = [join(folder, 'card.ipxe'), join(folder, `${machine.name}.memory`)];
      await writeFile(script, `#!ipxe\necho card: waits\nsleep ${waits}\nautoboot || shell\n`);
      const running = await powerOn(test, lab, machine, [
        ...['-kernel', '/usr/lib/ipxe/ipxe.lkrn', '-initrd', script],
        ...['-qtest', `unix:${socket},server=on,wait=off`, '-qtest-log', '/dev/null'],
      ]);
      await running.until(/card: waits/);
      await forgetHttp(socket);
      return running;
    },
    async uefi(test, lab, machine) {
      const image = await readFile('/usr/lib/ipxe/ipxe.efi');
      const at = httpIn(image);
      image.fill(0, at, at + httpFeature.length);
      const file = join(folder, 'card.efi');
      await writeFile(file, image);
      return await powerOn(test, lab, machine, ['-kernel', file]);
    },
  };
}

/** Where the one list of features speaks of HTTP. */
function httpIn(bytes: Buffer): number {
  const list = bytes.indexOf(listStart);
  const at = bytes.indexOf(httpFeature, list);
  if (list < 0 || at < 0 || at - list > 16 || bytes.includes(listStart, list + 1))
    throw new Error('iPXE does not list its features where they are looked for');
  return at;
}

/** By QEMU's own protocol for tests of devices, which reads and writes a machine's memory: a line each, hexadecimal. */
async function forgetHttp(path: string): Promise<void> {
  const socket = connect(path);
  await once(socket, 'connect');
  const answers = createInterface(socket)[Symbol.asyncIterator]();
  const ask = async (line: string): Promise<string> => {
    socket.write(`${line}\n`);
    const [, answer] = /^OK ?(?:0x)?(.*)$/.exec(String((await answers.next()).value)) ?? [];
    if (answer === undefined) throw new Error(`QEMU did not do it: ${line.slice(0, 60)}`);
    return answer;
  };
  const bytes = Buffer.from(await ask(`read ${memory.start} ${memory.length}`), 'hex');
  await ask(`write ${memory.start + httpIn(bytes)} ${httpFeature.length} ${pads}`);
  socket.destroy();
}
