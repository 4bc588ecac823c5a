import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const module = new URL('../../../../services/dhcp/precedence.ts', import.meta.url);

/** In a process of its own, whose priority it may change: whether it could, and its nice value then. @param nice before */
function inProcess(nice: number): readonly [taken: boolean, nice: number] {
  const program = `
    import { getPriority } from 'node:os';
    import { takePrecedence } from ${JSON.stringify(module.href)};
    console.log(JSON.stringify([takePrecedence(), getPriority()]));`;
  const args = ['-n', String(nice), process.execPath, '--input-type=module', '--eval', program];
  return JSON.parse(
    execFileSync('nice', args, { encoding: 'utf8', cwd: fileURLToPath(new URL('.', module)) }),
  );
}

/** Bit 23 of a process's effective capabilities (capabilities(7)). */
function maySetNice(): boolean {
  const [, effective = '0'] =
    /^CapEff:\s+([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return ((BigInt(`0x${effective}`) >> 23n) & 1n) === 1n;
}

describe('services/dhcp/precedence.ts', () => {
  it('goes before other processes where it may, and goes on where it may not', () => {
    expect(inProcess(0)).to.deep.equal(maySetNice() ? [true, -5] : [false, 0]);
  });

  it('leaves who was started with more, and who may not have more, as they were', () => {
    const started = maySetNice() ? -10 : 7;
    expect(inProcess(started)).to.deep.equal(maySetNice() ? [true, -10] : [false, 7]);
  });
});
