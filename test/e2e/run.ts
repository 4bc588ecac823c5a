/**
 * `npm run test:e2e`: all of this folder; `npm run test:e2e -- compose survival`: the files of these names. What begins with
 * a dash goes on to mocha.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith('-'));
const files = names.map((name) => `test/e2e/${name}.test.ts`);
const root = fileURLToPath(new URL('../../', import.meta.url));
const missing = files.filter((file) => !existsSync(root + file));
if (missing.length > 0) {
  process.stderr.write(`there is no ${missing.join(', no ')}\n`);
  process.exit(1);
}

const mocha = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'));
const flags = args.filter((arg) => arg.startsWith('-'));
const specs = files.length > 0 ? files : ['test/e2e/**/*.test.ts'];
const child = spawn(process.execPath, [mocha, '--timeout', '300000', ...flags, ...specs], {
  cwd: root,
  stdio: 'inherit',
});
const [code] = await once(child, 'close');
process.exitCode = typeof code === 'number' ? code : 1;
