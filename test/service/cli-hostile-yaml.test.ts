import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { smee } from '../support/cli.ts';
import { record, testHardware } from '../support/hardware-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const document = (spec: string) =>
  `apiVersion: tinkerbell.org/v1alpha1\nkind: Hardware\nmetadata:\n  name: node\nspec:\n${spec}\n`;
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const bomb = Array.from(
  { length: 30 },
  (_, at) => `  a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}, *a${at}]`,
).join('\n');

/** Each file, and what is said of it. */
const files: readonly (readonly [name: string, content: string | Uint8Array, said: RegExp])[] = [
  ['not.yaml', 'a: b: c: {', /not\.yaml: document 1, line 1/],
  ['binary.yaml', Buffer.from([0, 255, 254, 1, 2, 3]), /binary\.yaml: document 1/],
  [
    'half.yaml',
    document('  interfaces: [{ dhcp: { mac: "52:54').slice(0, -1),
    /half\.yaml: document 1, line \d/,
  ],
  ['huge.yaml', Buffer.alloc(50 * 1024 * 1024 + 1, '#'), /huge\.yaml: document 1, line 1: longer than/],
  ['deep.yaml', nested(100_000), /deep\.yaml: document 1, line 1: nested too deep/],
  ['kept.yaml', document(`  other: ${nested(60)}`), /kept\.yaml: document 1, line 6.*nested deeper/],
  ['bomb.yaml', document(`  a0: &a0 [x]\n${bomb}`), /bomb\.yaml: document 1.*alias/i],
  ['twice.yaml', `${document('  {}')}kind: Hardware\n`, /twice\.yaml: document 1, line \d+: .*unique/],
];

describe('cli/hardware/apply.ts, with hostile files', () => {
  it('names what is wrong with each hostile file, and applies nothing', async () => {
    await using service = await testHardware();
    await using folder = await temporaryFolder();
    const { name: good } = await service.client.create(record('good', 1));
    await writeFile(join(folder.path, 'fine.yaml'), document('  interfaces: []'));
    for (const [name, content] of files) await writeFile(join(folder.path, name), content);
    const paths = ['fine.yaml', ...files.map(([name]) => name)].flatMap((name) => ['-f', name]);
    const server = `127.0.0.1:${service.running.address.port}`;
    const started = performance.now();
    const { code, stderr } = await smee(['hardware', 'apply', '--server', server, ...paths], {
      cwd: folder.path,
    });
    expect(performance.now() - started).to.be.below(15_000);
    expect(code).to.equal(1);
    for (const [name, , said] of files) expect(stderr, name).to.match(said);
    expect(stderr)
      .to.include('nothing applied')
      .and.to.not.match(/fine\.yaml|at \w+.*\.ts:\d/);
    const { hardware } = await service.client.call('ListHardware', {});
    expect(hardware.map(({ name }) => name)).to.deep.equal([good]);
  });
});
