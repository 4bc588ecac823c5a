import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const execute = promisify(execFile);
const source = fileURLToPath(new URL('../../../cli/fetch-ipxe.ts', import.meta.url));

/** Stands in for apt-get on a host with package lists: the package comes at once. */
const withLists = `case "$*" in *download*) : > ipxe_1_all.deb;; esac`;

/** On a host without: it comes only after an update into lists of our own. */
const withoutLists = `case "$*" in
  *Dir::State::Lists=/*update*) : > updated; exit 100;;
  *Dir::State::Lists=/*download*) [ -e updated ] && : > ipxe_1_all.deb;;
  *) echo "E: Unable to locate package ipxe" >&2; exit 100;;
esac`;

const offline = 'echo "E: Unable to locate package ipxe" >&2; exit 100';

/** Unpacks as Debian's package is: ipxe.efi in /boot, behind an absolute link. */
const unpacks = `mkdir -p "$3/usr/lib/ipxe" "$3/boot"
printf bios > "$3/usr/lib/ipxe/undionly.kpxe"; printf snp > "$3/usr/lib/ipxe/snponly.efi"
printf efi > "$3/boot/ipxe.efi"; ln -s /etc/hostname "$3/usr/lib/ipxe/ipxe.efi"; : > "$3/usr/lib/ipxe/ipxe.iso"`;

/** Fetches in a process whose commands are these scripts; gives the outcome and what lies in the folder then. */
async function fetchWith(commands: Readonly<Record<string, string>>) {
  await using folder = await temporaryFolder();
  const bin = join(folder.path, 'bin');
  await mkdir(bin);
  for (const [name, script] of Object.entries(commands)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  const code = `import { fetchIpxe } from ${JSON.stringify(source)};
    console.log(JSON.stringify({ failure: await fetchIpxe('assets/ipxe') }));`;
  // The scripts' own tools (mkdir, ln) are there only where there is a script.
  const path = Object.keys(commands).length === 0 ? bin : [bin, '/usr/bin', '/bin'].join(delimiter);
  const { stdout } = await execute(process.execPath, ['--input-type=module-typescript', '-e', code], {
    cwd: folder.path,
    env: { PATH: path },
  });
  const { failure } = JSON.parse(stdout) as { failure?: string };
  const assets = join(folder.path, 'assets');
  const files = await readdir(join(assets, 'ipxe')).catch(() => []);
  const contents = await Promise.all(
    files.sort().map((name) => readFile(join(assets, 'ipxe', name), 'utf8')),
  );
  return { failure, files, contents, leftovers: (await readdir(assets)).filter((name) => name !== 'ipxe') };
}

describe('cli/fetch-ipxe.ts', () => {
  for (const [name, aptGet] of [
    ["with the host's package lists", withLists],
    ['with lists of its own, where the host has none and its hooks need root', withoutLists],
  ] as const) {
    it(`puts the loaders of the package into the folder, ${name}`, async () => {
      expect(await fetchWith({ 'apt-get': aptGet, 'dpkg-deb': unpacks })).to.deep.equal({
        failure: undefined,
        files: ['ipxe.efi', 'snponly.efi', 'undionly.kpxe'],
        contents: ['efi', 'snp', 'bios'],
        leftovers: [],
      });
    });
  }

  for (const [name, commands, failure] of [
    ['apt says no', { 'apt-get': offline }, /^E: Unable to locate package ipxe$/],
    ['there is no apt', {}, /no apt-get/],
    ['the package holds no loader', { 'apt-get': withLists, 'dpkg-deb': 'mkdir -p "$3"' }, /holds none of/],
  ] as const) {
    it(`leaves nothing behind when ${name}, and says so`, async () => {
      const fetched = await fetchWith(commands);
      expect(fetched.failure).to.match(failure);
      expect(fetched).to.deep.include({ files: [], leftovers: [] });
    });
  }
});
