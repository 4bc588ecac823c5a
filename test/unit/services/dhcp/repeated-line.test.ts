import { expect } from 'chai';
import { createLog } from '#shared/log.ts';
import { GatheredOutput } from '#shared/log-output.ts';
import { RepeatedLine } from '../../../../services/dhcp/repeated-line.ts';

/** What may become of a line: text for a sink, or bytes of the process's own output. */
const outputs = {
  'a sink': (write: (line: string) => void) => ({ write }),
  'the gathered output': (write: (line: string) => void) => {
    const output = new GatheredOutput({
      write: (lines) => write(lines),
      flushSync: () => {},
    });
    return Object.assign(output, { settle: () => output.flush() });
  },
};

/** A log, and the lines that it has written, without what a clock says. */
function logWithLines(output: keyof typeof outputs) {
  let text = '';
  const sink: { write(line: string): void; settle?(): void } = outputs[output]((lines) => {
    text += lines.replaceAll(/"time":"[^"]*"/g, '"time":"…"');
  });
  const log = createLog('dhcp', 'info', sink);
  return {
    log,
    lines() {
      sink.settle?.();
      return text.split(/(?<=\n)/);
    },
  };
}

const fields = {
  mac: '52:54:00:00:00:01',
  detail: 'a "quoted" \u001b text, é',
  leftOut: ['hostName'],
  bytes: 300,
};
const message = 'There is no "loader" \n for it.';

describe('services/dhcp/repeated-line.ts', () => {
  for (const output of ['a sink', 'the gathered output'] as const) {
    for (const [name, suppressed] of [
      ['as the log itself writes it', 0],
      ['with the number of lines that were not written', 7],
    ] as const) {
      it(`looks byte for byte ${name}, to ${output}`, () => {
        const { log, lines } = logWithLines(output);
        log.child(fields).info({ xid: '0a0b0c0d', suppressed: suppressed || undefined, ms: 0.117 }, message);
        const line = new RepeatedLine(log, fields, message);
        line.write(0x0a0b_0c0d, suppressed, 0.117);
        line.write(0x0a0b_0c0d, suppressed, 0.117);
        const [first, ...others] = lines();
        expect(first).to.match(/^\{"level":"info","time":"…","service":"dhcp","mac":.*\}\n$/);
        expect(others).to.deep.equal([first, first]);
      });
    }
  }

  it('writes every duration and every xid as JSON does', () => {
    const { log, lines } = logWithLines('the gathered output');
    const line = new RepeatedLine(log, fields, message);
    const durations = [0, 0.001, 0.01, 0.1, 0.12, 0.123, 0.999, 0.9996, 1, 1.5, 12.345, 1e6];
    const xids = [0, 1, 0xff, 0xdead_beef, 0xffff_ffff];
    for (const ms of durations) line.write(0, 0, ms);
    for (const xid of xids) line.write(xid, 0, 0);
    const written = lines().map((text) => JSON.parse(text) as { ms: number; xid: string });
    expect(written.slice(0, durations.length).map(({ ms }) => ms)).to.deep.equal(
      durations.map((ms) => Math.round(ms * 1000) / 1000),
    );
    expect(lines().slice(0, durations.length).join('')).not.to.match(/\.\d*0,/);
    expect(written.slice(durations.length).map(({ xid }) => Number.parseInt(xid, 16))).to.deep.equal(xids);
    for (const { xid } of written) expect(xid).to.have.length(8);
  });
});
