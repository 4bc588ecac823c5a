import { expect } from 'chai';
import fc from 'fast-check';
import { toText } from '#shared/bytes.ts';
import { MalformedError } from '#shared/errors.ts';
import { type Message, parseMessage } from '../../../../../services/syslog/wire/message.ts';

const parse = (text: string): Message => parseMessage(text);

/** Without the fields that are undefined. */
const present = (message: Message) =>
  Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined));

describe('services/syslog/wire/message.ts', () => {
  describe('reads what is really sent', () => {
    const info = { facility: 'daemon', severity: 'info' };
    const rows: readonly [name: string, sent: string, read: object][] = [
      [
        'iPXE without a host name',
        '<30>ipxe: net0: link up',
        { ...info, appName: 'ipxe', text: 'net0: link up' },
      ],
      [
        'iPXE with host name and domain',
        '<30>node07.lab.example ipxe: Booting',
        { ...info, hostname: 'node07.lab.example', appName: 'ipxe', text: 'Booting' },
      ],
      [
        'rsyslog',
        '<34>Oct 11 22:14:15 node07 su[71]: failed for root',
        {
          facility: 'auth',
          severity: 'crit',
          timestamp: 'Oct 11 22:14:15',
          hostname: 'node07',
          appName: 'su',
          procId: '71',
          text: 'failed for root',
        },
      ],
      [
        'busybox syslogd -R, which names no host',
        '<13>Nov  6 02:13:14 udhcpc[9]: lease obtained\n',
        {
          facility: 'user',
          severity: 'notice',
          timestamp: 'Nov  6 02:13:14',
          appName: 'udhcpc',
          procId: '9',
          text: 'lease obtained',
        },
      ],
      [
        'a kernel, forwarded',
        '<6>Nov  6 02:13:14 node07 kernel: [    0.000000] Linux version 6.1',
        {
          facility: 'kern',
          severity: 'info',
          timestamp: 'Nov  6 02:13:14',
          hostname: 'node07',
          appName: 'kernel',
          text: '[    0.000000] Linux version 6.1',
        },
      ],
      [
        'an RFC 3339 timestamp in the old form',
        '<30>2026-08-01T10:00:00.123+02:00 node07 tink: up',
        {
          ...info,
          timestamp: '2026-08-01T10:00:00.123+02:00',
          hostname: 'node07',
          appName: 'tink',
          text: 'up',
        },
      ],
      ['a text alone', '<30>hello rack: it works', { ...info, text: 'hello rack: it works' }],
      ['a text of one word with a colon', '<30>done:', { ...info, appName: 'done', text: '' }],
      ['nothing after the PRI', '<0>', { facility: 'kern', severity: 'emerg', text: '' }],
      ['the largest PRI', '<191>x', { facility: 'local7', severity: 'debug', text: 'x' }],
      ['trailing line breaks and NULs', '<30>x\r\n\0', { ...info, text: 'x' }],
    ];
    for (const [name, sent, read] of rows) {
      it(name, () => expect(present(parse(sent))).to.deep.equal(read));
    }
  });

  describe('reads RFC 5424', () => {
    const head = '2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47';
    const fields = {
      facility: 'local4',
      severity: 'notice',
      timestamp: '2003-10-11T22:14:15.003Z',
      hostname: 'mymachine.example.com',
      appName: 'evntslog',
      msgId: 'ID47',
    };
    const rows: readonly [name: string, sent: string, read: object][] = [
      [
        '§6.5 example 1, with a byte order mark',
        `<165>1 ${head} - \ufeff'su root' failed`,
        { text: "'su root' failed" },
      ],
      [
        '§6.5 example 3, structured data and a text',
        `<165>1 ${head} [exampleSDID@32473 iut="3" eventSource="App"][prio@32473 class="high"] An event`,
        {
          structuredData: {
            'exampleSDID@32473': { iut: '3', eventSource: 'App' },
            'prio@32473': { class: 'high' },
          },
          text: 'An event',
        },
      ],
      [
        'structured data only, with escapes',
        String.raw`<165>1 ${head} [a@1 q="say \"hi\"" b="\]" s="\\" n="\n"]`,
        { structuredData: { 'a@1': { q: 'say "hi"', b: ']', s: '\\', n: '\\n' } }, text: '' },
      ],
      [
        'a parameter that comes twice',
        `<165>1 ${head} [origin ip="192.0.2.1" ip="192.0.2.129"] x`,
        { structuredData: { origin: { ip: '192.0.2.1,192.0.2.129' } }, text: 'x' },
      ],
      ['no message', `<165>1 ${head} -`, { text: '' }],
    ];
    for (const [name, sent, read] of rows) {
      it(name, () => expect(present(parse(sent))).to.deep.equal({ ...fields, ...read }));
    }

    it('takes NILVALUE for absent', () => {
      expect(present(parse('<0>1 - - - - - - x'))).to.deep.equal({
        facility: 'kern',
        severity: 'emerg',
        text: 'x',
      });
    });
  });

  describe('refuses', () => {
    const rows: readonly [name: string, sent: string, field: string, offset: number][] = [
      ['an empty datagram', '', 'PRI', 0],
      ['no PRI', 'hello', 'PRI', 0],
      ['PRI 192', '<192>x', 'PRI', 0],
      ['a PRI of four digits', '<0013>x', 'PRI', 0],
      ['a PRI without digits', '<>x', 'PRI', 0],
      ['a short RFC 5424 header', '<13>1 - - -', 'HEADER', 4],
      ['structured data that does not end', '<13>1 - - - - - [a b="c', 'STRUCTURED-DATA', 16],
      ['structured data that is none', '<13>1 - - - - - what', 'STRUCTURED-DATA', 16],
      ['structured data without a space behind', '<13>1 - - - - - [a]x', 'STRUCTURED-DATA', 19],
    ];
    for (const [name, sent, field, offset] of rows) {
      it(name, () => {
        expect(() => parse(sent))
          .to.throw(MalformedError)
          .that.includes({ code: 'malformed', field, offset });
      });
    }
  });

  it('returns or throws MalformedError for any bytes, and nothing else', () => {
    const pieces = fc.constantFrom(
      '<13>',
      '1 ',
      '- ',
      '[a b="',
      '"]',
      '\\',
      'Nov  6 02:13:14 ',
      'ipxe: ',
      '\0',
      '\x1b[31m',
    );
    const hostile = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 20 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          hostile.map((parts) => Buffer.from(parts.join(''))),
        ),
        (bytes) => {
          try {
            const message = parseMessage(toText(bytes));
            expect(message.text).to.be.a('string');
          } catch (error) {
            expect(error).to.be.instanceOf(MalformedError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('cuts line breaks off the end, in linear time also where 64 KiB of them stand inside', () => {
    expect(parse('<13>end\r\n\0\n').text).to.equal('end');
    const text = `${'\n'.repeat(65_000)}x`;
    const since = performance.now();
    expect(parse(`<13>${text}`).text).to.equal(text);
    expect(performance.now() - since).to.be.lessThan(1000);
  });

  it('parses 64 KiB of backslashes in structured data', () => {
    const value = '\\\\'.repeat(32_000);
    const { structuredData } = parse(`<13>1 - - - - - [a b="${value}"] x`);
    expect(structuredData?.a?.b).to.have.lengthOf(32_000);
  });
});
