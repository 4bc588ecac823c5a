import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { until } from '../../support/until.ts';

const program = fileURLToPath(new URL('../../fixtures/processes/run.ts', import.meta.url));

/** A real process: signals and exit codes have no other test. */
function start(...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], { env: {} });
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { child, exited, output: () => output, errors: () => errors };
}

describe('shared/run.ts', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`stops gracefully on ${signal}`, async () => {
      const { child, exited, output } = start();
      await until('running', () => output().includes('"running"'));
      child.kill(signal);
      expect(await exited).to.equal(0);
      expect(output()).to.include(`"signal":"${signal}"`).and.include('"stopped"');
    });
  }

  it('exits at once on a second signal when stopping hangs', async () => {
    const { child, exited, output } = start('-how=2');
    await until('running', () => output().includes('"running"'));
    child.kill('SIGTERM');
    await until('stopping', () => output().includes('"stopping"'));
    child.kill('SIGTERM');
    expect(await exited).to.equal(1);
  });

  it('lists every wrong setting and exits 1 before it starts', async () => {
    const { exited, output, errors } = start('--how=7', '--nonsense');
    expect(await exited).to.equal(1);
    expect(output()).to.equal('');
    expect(errors().trimEnd().split('\n')).to.have.members([
      '--how="7": must be a whole number from 0 to 2',
      '--nonsense: no such flag; --help lists them',
    ]);
  });

  it('logs every problem of a start that fails and exits 1', async () => {
    const { exited, output } = start('--how=1');
    expect(await exited).to.equal(1);
    expect(JSON.parse(output())).to.deep.include({
      level: 'fatal',
      msg: 'cannot start',
      problems: ['first problem', 'second problem'],
    });
  });

  for (const flag of ['-h', '--help']) {
    it(`shows its settings for ${flag}`, async () => {
      const { exited, output } = start(flag);
      expect(await exited).to.equal(0);
      expect(output()).to.include('--how <number>  SMEE_HOW');
    });
  }
});
