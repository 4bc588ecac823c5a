/**
 * `npm run test:e2e`: all of this folder; `npm run test:e2e -- compose survival`: the files whose names begin so. What begins
 * with a dash goes on to mocha.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith('-'));
const names = args.filter((arg) => !arg.startsWith('-'));
const tests = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.test.ts'));
const unknown = names.filter((name) => !tests.some((file) => file.startsWith(name)));
if (unknown.length > 0) {
  process.stderr.write(
    `no file of test/e2e begins with ${unknown.join(' or ')}; there are ${tests.join(', ')}\n`,
  );
  process.exit(1);
}

const chosen = tests.filter((file) => names.length === 0 || names.some((name) => file.startsWith(name)));
const files = chosen.map((file) => `test/e2e/${file}`);
const root = fileURLToPath(new URL('../../', import.meta.url));
const mocha = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'));
const child = spawn(process.execPath, [mocha, '--timeout', '300000', ...flags, ...files], {
  cwd: root,
  stdio: 'inherit',
});
const [code] = await once(child, 'close');
process.exitCode = typeof code === 'number' ? code : 1;
