import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { GatheredOutput } from '#shared/log-output.ts';
import { until } from '../../support/until.ts';

const run = promisify(execFile);
const log = fileURLToPath(new URL('../../../shared/log.ts', import.meta.url));

/** What a process writes that logs a line and then does this. */
async function printed(then: string): Promise<string[]> {
  const script = `import { createLog } from ${JSON.stringify(log)};
    const log = createLog('test', 'info');
    log.info('one');
    ${then}`;
  const args = ['--input-type=module-typescript', '--eval', script];
  const { stdout } = await run(process.execPath, args).catch((failed: { stdout: string }) => failed);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { msg: string }).msg);
}

describe('shared/log-output.ts', () => {
  const collect = () => {
    const written: string[] = [];
    const output = new GatheredOutput({
      write: (text) => void written.push(text),
      flushSync: () => {},
    });
    return { written, output };
  };

  it('writes what comes at once with one call, in order', async () => {
    const { written, output } = collect();
    for (const line of ['a\n', 'b\n', 'c\n']) output.write(line);
    expect(written).to.deep.equal([]);
    await until('the lines are written', () => written.length > 0);
    expect(written).to.deep.equal(['a\nb\nc\n']);
  });

  it('lets no character through that a terminal obeys, and keeps what it means', () => {
    const { written, output } = collect();
    const file = 'a\x9b31m\x7f\u202e\u2028é';
    output.write(JSON.stringify({ file }));
    output.flush();
    expect(written[0]).to.equal('{"file":"a\\u009b31m\\u007f\\u202e\\u2028é"}');
    expect(JSON.parse(written[0]!)).to.deep.equal({ file });
  });

  it('does not wait when a block is full', () => {
    const { written, output } = collect();
    output.write('x'.repeat(65_536));
    expect(written).to.have.length(1);
  });

  for (const [how, then] of [
    ['nothing is left to do', "log.info('two');"],
    ['it is told to exit', "log.info('two'); process.exit(3);"],
    ['it cannot go on', "log.fatal('two'); process.exit(1);"],
    ['an error is not caught', "log.info('two'); throw new Error('uncaught');"],
  ] as const) {
    it(`loses no line when the process ends because ${how}`, async () => {
      expect(await printed(then)).to.deep.equal(['one', 'two']);
    });
  }

  it('cuts no line and no character where a pipe takes only a part at a time', async () => {
    // Whoever touches process.stdout makes a pipe say so instead of waiting.
    const script = `import { createLog } from ${JSON.stringify(log)};
      const log = createLog('test', 'info');
      process.stdout.on('error', () => {});
      const write = (from) => {
        for (let at = from; at < from + 300; at++) log.info({ at }, 'é€😀'.repeat(100));
        if (from < 2700) setTimeout(() => write(from + 300), 15);
      };
      write(0);`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script]);
    const pieces: Buffer[] = [];
    for await (const piece of child.stdout) {
      pieces.push(piece as Buffer);
      if (pieces.length < 5) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const lines = Buffer.concat(pieces).toString().split('\n').slice(0, -1);
    const numbers = lines.map((line) => {
      const { at, msg } = JSON.parse(line) as { at: number; msg: string };
      expect(msg).to.equal('é€😀'.repeat(100));
      return at;
    });
    expect(numbers).to.deep.equal(Array.from({ length: 3000 }, (_, at) => at));
  });

  it('holds a bounded part of what nobody reads, and says how many lines it dropped', async function () {
    this.timeout(30_000);
    const script = `import { createLog } from ${JSON.stringify(log)};
      const log = createLog('test', 'info');
      const text = 'x'.repeat(100_000);
      for (let count = 0; count < 2000; count++) {
        log.info(text);
        if (count % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 15));
      }
      process.stderr.write(String(process.memoryUsage().rss));
      process.stdin.once('data', () => {
        log.info('after');
        process.stdin.destroy();
      });`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script]);
    const [rss] = await once(child.stderr, 'data');
    expect(Number(rss), 'of 200 MB that were logged').to.be.lessThan(190_000_000);

    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (child.stdin.writable && printed.length > 16_000_000) child.stdin.end('\n');
    });
    await once(child, 'close');
    const lines = printed
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { msg: string; dropped?: number });
    expect(lines.at(-1)?.msg).to.equal('after');
    const dropped = lines.findLast((line) => line.dropped !== undefined)?.dropped ?? 0;
    expect(dropped).to.be.greaterThan(1000);
    expect(lines.filter(({ msg }) => msg.startsWith('x')).length + dropped).to.equal(2000);
  });

  for (const [trouble, stdout] of [
    ['is on a full disk', '/dev/full'],
    ['is read by nobody any more', 'pipe'],
  ] as const) {
    for (const [ending, then] of [
      ['that goes on', "setTimeout(() => log.info('two'), 50); setTimeout(() => process.exit(5), 100);"],
      [
        'that ends with much to say',
        "for (let at = 0; at < 3000; at++) log.info('x'.repeat(100)); process.exit(5);",
      ],
      ['that cannot go on', "log.info('x'.repeat(100_000)); log.fatal('two'); process.exit(5);"],
    ] as const) {
      it(`neither ends nor hangs a process ${ending}, and whose log ${trouble}`, async () => {
        const script = `import { createLog } from ${JSON.stringify(log)};
          const log = createLog('test', 'info');
          process.stdin.resume().once('end', () => {
            log.info('one');
            ${then}
          });`;
        const out = stdout === 'pipe' ? undefined : await open(stdout, 'w');
        const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
          stdio: ['pipe', out?.fd ?? 'pipe', 'inherit'],
          timeout: 10_000,
          killSignal: 'SIGKILL',
        });
        child.stdout?.destroy();
        child.stdin?.end();
        const [code] = await once(child, 'exit');
        await out?.close();
        expect(code).to.equal(5);
      });
    }
  }
});
