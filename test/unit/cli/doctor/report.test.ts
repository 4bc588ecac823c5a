import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { formatJson, formatReport } from '../../../../cli/doctor/report.ts';

const hostile = '\x1b]0;owned\x07 \u202e';
const report = {
  found: [{ code: 'port-taken', detail: `${hostile} has port 69`, sure: 'certain' } as const],
  unseen: [`what ${hostile} says`],
};

describe('cli/doctor/report', () => {
  it('lets no name of a program or a record speak to the terminal', () => {
    const text = formatReport(report, new PassThrough() as unknown as NodeJS.WriteStream);
    expect(text).to.contain('\\x1b]0;owned\\x07 \\u202e has port 69');
    expect(text).not.to.contain(hostile);
    expect(text).not.to.contain('\x07');
  });

  it('says the same to a program, in ASCII', () => {
    const line = formatJson(report);
    expect(line).to.match(/^[\x20-\x7e]+\n$/);
    expect(JSON.parse(line)).to.nested.include({ 'findings[0].detail': report.found[0]?.detail });
  });
});
