import { expect } from 'chai';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { createLog } from '#shared/log.ts';
import { createHandler } from '../../services/syslog/handler.ts';
import { syslogMetrics } from '../../services/syslog/metrics.ts';
import { ip } from '../support/dhcp-request.ts';
import { emptyMachines } from '../support/machines.ts';

const valid = [
  '<34>1 2026-08-01T10:00:00Z node07 su 71 ID47 [a@1 b="c"] failed',
  '<30>Nov  6 12:13:14 node07 sshd[711]: text',
  '<30>node07.example.org ipxe: text',
  '<30>{"step":"stream-image","done":true}',
].map((text) => Buffer.from(text));

/** Pieces that mean something to a parser, a log file or a terminal. */
const piece = fc.constantFrom(
  ...[
    '<',
    '>',
    '<34>',
    '<999>',
    '1 ',
    '- ',
    '[',
    ']',
    '"',
    '\\',
    '{',
    '}',
    ':',
    ' ',
    '\t',
    'node07',
    'kernel:',
  ],
  ...[
    '\r\n',
    '\n{"level":"fatal"}',
    '\x1b[2J',
    '\x1b]0;x\x07',
    '\u009b31m',
    '\u2028',
    '\u202e',
    '\0',
    '\ud800',
    'é',
  ],
);
const hostile = fc.oneof(
  fc.array(piece, { maxLength: 40 }).map((all) => Buffer.from(all.join(''))),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(fc.constantFrom(...valid), fc.nat(60), fc.uint8Array({ maxLength: 20 }))
    .map(([message, cut, more]) => Buffer.concat([message.subarray(0, cut), more])),
);

describe('services/syslog, whatever comes in', () => {
  for (const level of ['debug', 'info', 'warn', 'error']) {
    it(`makes at most one line of every datagram, with nothing in it that a terminal obeys, at log level ${level}`, () => {
      const written: string[] = [];
      const log = createLog('syslog', level, { write: (line) => void written.push(line) });
      // Each datagram comes a second after the one before: no limit is reached.
      let now = 0;
      const metrics = syslogMetrics(new Registry());
      const handle = createHandler({ machines: emptyMachines, log, metrics, now: () => (now += 1000) });
      const from = {
        sourceAddress: ip('10.0.0.1'),
        sourcePort: 514,
        ifindex: 1,
        localAddress: ip('10.0.0.2'),
      };
      const check = (datagram: Uint8Array) => {
        written.length = 0;
        expect(handle(datagram, from)).to.equal(undefined);
        expect(written.length).to.be.at.most(1);
        for (const line of written) {
          expect(line.slice(0, -1)).to.not.match(/[\p{Cc}\u2028\u2029\u202e]/u);
          const { msg, raw } = JSON.parse(line) as { msg: string; raw?: string };
          for (const text of [msg, raw ?? '']) expect(text.replaceAll('\t', '')).to.not.match(/\p{Cc}/u);
        }
      };
      for (const message of valid) {
        for (let length = 0; length <= message.length; length++) check(message.subarray(0, length));
      }
      for (const fill of [0, 0x0a, 0x1b, 0x5b, 0x5c, 0x80, 0xff]) check(Buffer.alloc(65_507, fill));
      fc.assert(fc.property(hostile, check), { numRuns: 500 });
    });
  }
});
