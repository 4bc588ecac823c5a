/**
 * Run inside a namespace: changes the address of a record so many times, and each time asks DHCP for that machine again and
 * again until the new address stands in the answer. Prints the times in milliseconds, from the moment at which the change is
 * asked for, as one line of JSON.
 *
 *     record-change.ts <times>
 */
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { readU32, writeU32 } from '#shared/bytes.ts';
import { readSettings } from '#shared/config.ts';
import { clientSettings } from '#shared/grpc/settings.ts';
import { connectHardware } from '#shared/hardware/client.ts';
import { parseIp4 } from '#shared/ip4.ts';
import { openUdp } from '#shared/udp/open.ts';
import { addressOfMachine, firstMac, recordOfMachine } from '../records.ts';

const times = Number(process.argv[2]);
const loopback = parseIp4('127.0.0.1') ?? 0;
const machine = 77;

const discover = new Uint8Array(300);
discover.set([1, 1, 6, 0]);
writeU32(discover, 30, (firstMac + machine) % 0x1_0000_0000);
discover.set([0x00, 0x0c], 28);
writeU32(discover, 236, 0x6382_5363);
discover.set([53, 1, 1, 255], 240);

let offered = 0;
const socket = openUdp({
  address: loopback,
  port: 0,
  handle(answer) {
    offered = readU32(answer, 16);
    return undefined;
  },
  onError(error) {
    throw error;
  },
});

using client = connectHardware(readSettings(clientSettings, { env: {}, args: [] }));
// The connection is no part of a change.
await client.get({ name: 'none' });
const took: number[] = [];
for (let change = 1; change <= times; change++) {
  // Addresses that no other machine has.
  const address = addressOfMachine(200_000 + change);
  const started = performance.now();
  const applied = client.apply(recordOfMachine(machine, address));
  while (offered !== address) {
    if (performance.now() - started > 10_000) throw new Error('the change is not in the answers after 10 s');
    socket.send({ bytes: discover, address: loopback, port: 67 });
    await pause(1);
  }
  took.push(performance.now() - started);
  await applied;
}
await socket.close();
writeSync(1, `${JSON.stringify(took)}\n`);
