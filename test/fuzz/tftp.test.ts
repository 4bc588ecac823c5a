import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { loadLoaders } from '#shared/assets/ipxe.ts';
import { readSettings } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { tftpSettings } from '../../services/tftp/config.ts';
import { FileCache } from '../../services/tftp/file-cache.ts';
import { TftpHandler } from '../../services/tftp/handler.ts';
import { tftpMetrics } from '../../services/tftp/metrics.ts';
import { decode, encode, type Packet } from '../../services/tftp/wire/packet.ts';
import { ip } from '../support/dhcp-request.ts';
import { fixedMachines, machine } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

/** One valid packet of every kind. */
const valid = [
  '\0\x01ipxe.efi\0octet\0blksize\x001468\0tsize\x000\0timeout\x003\0windowsize\x004\0',
  '\0\x0152-54-00-77-00-07/ipxe.efi\0netascii\0',
  '\0\x02ipxe.efi\0octet\0',
  '\0\x03\0\x01data',
  '\0\x04\0\x00',
  '\0\x05\0\x08option refused\0',
  '\0\x06blksize\x001468\0',
].map(bytesOf);

/** Requests that have stopped TFTP servers before. */
const crafted = [
  `\0\x01${'a/'.repeat(32_000)}\0octet\0`,
  `\0\x01${'\xff'.repeat(65_000)}`,
  '\0\x01..\\..\\secret\0octet\0',
  '\0\x01/../../etc/passwd\0octet\0',
  '\0\x01\0\0',
  '\0\x01f\0mail\0',
  `\0\x01f\0octet\0${'blksize\x00512\0'.repeat(4000)}`,
  '\0\x01f\0octet\0blksize\0-1\0tsize\x0099999999999999999999\0windowsize\x000\0',
  '\0\x01f\0octet\0__proto__\x001\0constructor\x001\0toString\x001\0',
].map(bytesOf);

const word = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0') && text.isWellFormed());
const options = fc.array(fc.tuple(word, fc.oneof(word, fc.constant(''))), { maxLength: 5 });
const u16 = fc.integer({ min: 0, max: 0xffff });
const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({ op: fc.constantFrom('RRQ' as const, 'WRQ' as const), file: word, mode: word, options }),
  fc.record({ op: fc.constant('DATA' as const), block: u16, data: fc.uint8Array({ maxLength: 600 }) }),
  fc.record({ op: fc.constant('ACK' as const), block: u16 }),
  fc.record({ op: fc.constant('ERROR' as const), code: u16, message: word }),
  fc.record({ op: fc.constant('OACK' as const), options }),
);

/** The handler with a socket that counts what would leave, for peers without end. */
async function handler(level: string, folder: string) {
  const settings = readSettings(tftpSettings, { env: {}, args: [`--tftp-asset-dir=${folder}`] });
  const shelves = {
    loaders: await loadLoaders(folder),
    assetDir: folder,
    cache: new FileCache(),
    machines: fixedMachines([machine({ dhcp: { address: ip('127.0.0.1') } })]),
    settings,
  };
  const log = createLog('tftp', level, { write: () => {} });
  const handled = new TftpHandler({ settings, shelves, log, metrics: tftpMetrics(new Registry()) });
  let next = 1024;
  /** The sizes of what was sent, by the peer's port. */
  const sent = new Map<number, number[]>();
  return {
    handled,
    sent,
    /** Takes a datagram of a new peer, or of this one; what is answered at once is a small ERROR, or nothing. */
    take(datagram: Uint8Array, port = next++): number {
      const info = {
        sourceAddress: ip('10.0.0.0') + port,
        sourcePort: port,
        ifindex: 1,
        localAddress: ip('127.0.0.1'),
      };
      const reply = handled.receive(datagram, info, () => ({
        send: ({ bytes }) => void sent.set(port, [...(sent.get(port) ?? []), bytes.length]),
        close() {},
      }));
      if (reply !== undefined) expect(reply.bytes.length).to.be.at.most(512);
      return port;
    },
  };
}

describe('services/tftp, whatever comes in', () => {
  it('reads back every packet that it writes', () => {
    fc.assert(
      fc.property(packet, (one) => {
        expect(decode(encode(one))).to.deep.equal(
          'data' in one ? { ...one, data: new Uint8Array(one.data) } : one,
        );
      }),
    );
  });

  it('sends a forged address no more than four small packets for a request, whatever it asks for', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'kernel'), Buffer.alloc(1_000_000, 'x'));
    const { handled, sent, take } = await handler('error', folder.path);
    const requests = [
      [],
      ['blksize', '65464', 'windowsize', '65535'],
      ['blksize', '1468', 'tsize', '0', 'timeout', '1', 'windowsize', '64'],
      ['timeout', '255'],
    ].map((options) => bytesOf(['\0\x01kernel', 'octet', ...options, ''].join('\0')));
    for (const request of requests) {
      const from = take(request);
      await until('the first packet', () => sent.has(from));
      for (let again = 0; again < 200; again++) {
        await nextTurn();
        take(request, from);
      }
      const packets = sent.get(from) ?? [];
      expect(packets.length).to.be.within(1, 4);
      for (const bytes of packets) expect(bytes).to.be.at.most(516);
    }
    await handled.reads.stop(0);
  });

  it('sends a forged address 256 KiB at most, however many requests come in its name, and then little by little', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'kernel'), Buffer.alloc(1_000_000, 'x'));
    const { handled, sent, take } = await handler('error', folder.path);
    const from = 4000;
    const bytes = () => (sent.get(from) ?? []).reduce((sum, size) => sum + size, 0);
    const started = performance.now();
    for (let at = 0; at < 3000; at++) {
      // Each another request, so that none is taken for a repeated one.
      take(bytesOf(`\0\x01kernel\0octet\0x\0${at}\0`), from);
      await new Promise((resolve) => setImmediate(resolve));
      if (at % 3 === 0) take(bytesOf(`\0\x02none${at}\0octet\0`), from);
    }
    const refilled = ((performance.now() - started) / 1000) * 16 * 1024;
    expect(bytes())
      .to.be.greaterThan(0)
      .and.at.most(256 * 1024 + refilled);
    await handled.reads.stop(0);
  });

  for (const level of ['debug', 'info', 'warn', 'error']) {
    it(`answers or drops every prefix of every packet, and any bytes, at log level ${level}`, async () => {
      await using folder = await temporaryFolder();
      const { handled, take } = await handler(level, folder.path);
      for (const bytes of valid) {
        for (let length = 0; length <= bytes.length; length++) take(bytes.subarray(0, length));
      }
      for (const bytes of crafted) take(bytes);
      const opcode = fc.constantFrom(0, 1, 1, 1, 2, 3, 4, 5, 6, 7);
      const anything = fc.tuple(opcode, fc.uint8Array({ maxLength: 600 }));
      fc.assert(
        fc.property(anything, ([op, bytes]) => void take(Uint8Array.from([0, op, ...bytes]))),
        { numRuns: 500 },
      );
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void take(bytes)),
        { numRuns: 500 },
      );
      await nextTurn();
      await handled.reads.stop(0);
      expect(handled.reads.transfers.size).to.equal(0);
    });
  }
});
