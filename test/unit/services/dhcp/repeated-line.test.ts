import { expect } from 'chai';
import { createLog } from '#shared/log.ts';
import { RepeatedLine } from '../../../../services/dhcp/repeated-line.ts';

/** A log, and the lines that it has written, without what a clock says. */
function logWithLines() {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line.replace(/"time":"[^"]*"/, '"time":"…"'));
  return { log: createLog('dhcp', 'info', { write }), lines };
}

describe('services/dhcp/repeated-line.ts', () => {
  for (const [name, suppressed] of [
    ['as the log itself writes it', undefined],
    ['with the number of lines that were not written', 7],
  ] as const) {
    it(`looks byte for byte ${name}`, () => {
      const { log, lines } = logWithLines();
      const fields = {
        mac: '52:54:00:00:00:01',
        detail: 'a "quoted" \u001b text',
        leftOut: ['hostName'],
        bytes: 300,
      };
      const message = 'There is no "loader" \n for it.';
      log.child(fields).info({ xid: '0a0b0c0d', suppressed, ms: 0.117 }, message);
      const line = new RepeatedLine(log, fields, message);
      line.write('0a0b0c0d', suppressed, 0.117);
      line.write('0a0b0c0d', suppressed, 0.117);
      expect(lines[0]).to.match(/^\{"level":"info","time":"…","service":"dhcp","mac":.*\}\n$/);
      expect(lines.slice(1)).to.deep.equal([lines[0], lines[0]]);
    });
  }
});
