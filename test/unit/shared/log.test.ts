import { expect } from 'chai';
import { createLog } from '#shared/log.ts';

const collect = (level: string) => {
  const lines: Record<string, unknown>[] = [];
  const log = createLog('dhcp', level, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { log, lines };
};

describe('shared/log.ts', () => {
  it('writes one JSON line per event, with service, level by name and an ISO time', () => {
    const { log, lines } = collect('info');
    log.info({ mac: '52:54:00:77:00:07' }, 'answered');
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({
      service: 'dhcp',
      level: 'info',
      mac: '52:54:00:77:00:07',
      msg: 'answered',
    });
    expect(new Date(String(lines[0]?.time)).toISOString()).to.equal(lines[0]?.time);
  });

  it('leaves out what is less severe than its level', () => {
    const { log, lines } = collect('warn');
    log.info('no');
    log.warn('yes');
    expect(lines.map(({ msg }) => msg)).to.deep.equal(['yes']);
  });

  it('keeps a line a line, whatever a stranger sends', () => {
    const raw: string[] = [];
    const log = createLog('syslog', 'info', { write: (line: string) => void raw.push(line) });
    log.info({ msg: 'a\nb\r\u001b[31m' }, 'x\ny');
    expect(raw).to.have.length(1);
    for (const control of ['\n', '\r', '\u001b']) expect(raw[0]?.trimEnd()).not.to.include(control);
  });
});
