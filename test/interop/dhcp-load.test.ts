import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { DatagramHandler } from '#shared/udp/engine.ts';
import { fleetHandler } from '../support/fleet.ts';
import { open } from '../support/udp.ts';

const run = promisify(execFile);
const machines = 50;

/** smee on loopback, which says to a relay's own port what it would say to port 67, with what a server may do wrong. */
function serve(spoil: (answer: Uint8Array, count: number) => void = () => {}) {
  const handle = fleetHandler(machines, '127.0.0.1');
  let count = 0;
  const answer: DatagramHandler = (datagram, info) => {
    const reply = handle(datagram, info);
    if (reply === undefined) return undefined;
    const bytes = reply.bytes.slice();
    spoil(bytes, count++);
    return { ...reply, bytes, address: info.sourceAddress, port: info.sourcePort, ifindex: undefined };
  };
  return open({ handle: answer });
}

/** Runs a load against it, and gives back what it printed and how it ended. */
async function load(name: string, server: number, plan: object) {
  const file = fileURLToPath(new URL(`../../bench/inside/${name}.ts`, import.meta.url));
  const whole = { server: `127.0.0.1:${server}`, relay: '127.0.0.1:0', machines, ...plan };
  const { stdout, stderr, code } = await run(process.execPath, [file, JSON.stringify(whole)]).then(
    (done) => ({ ...done, code: 0 }),
    (failed: { stdout: string; stderr: string; code: number }) => failed,
  );
  return { said: JSON.parse(stdout) as Record<string, number>, stderr, code };
}

const loads = [
  ['dhcp-load', { inFlight: 8, seconds: 0 }],
  ['dhcp-paced', { rate: 500, seconds: 0.1 }],
] as const;

describe('the loads of DHCP', () => {
  for (const [name, plan] of loads) {
    it(`${name} leads every machine through its exchange, and counts what it sent`, async () => {
      await using server = serve();
      const { said, code } = await load(name, server.port, plan);
      expect(said).to.include({ exchanges: machines, wrong: 0, stray: 0, sent: machines * 2 });
      expect(code).to.equal(0);
      expect(server.stats).to.include({ received: machines * 2, sent: machines * 2 });
    });

    it(`${name} fails for one wrong byte in one answer`, async () => {
      await using server = serve((answer, count) => {
        if (count === 60) answer[200]! ^= 1;
      });
      const { said, stderr, code } = await load(name, server.port, plan);
      expect(said).to.include({ wrong: 1 });
      expect(stderr).to.contain('1 wrong answers');
      expect(code).to.equal(1);
    });
  }
});
