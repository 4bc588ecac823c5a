import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { compile } from '../../bench/compile.ts';
import { need } from '../support/clients.ts';
import { runHttp } from '../support/http.ts';
import { emptyMachines } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('bench/inside/artifact-load.c', () => {
  for (const [what, planted] of [
    ['counts what is right', false],
    ['sees one wrong byte in a megabyte', true],
  ] as const) {
    it(what, async function () {
      const cc = need(this, 'cc', 'apt-get install --no-install-recommends gcc libc6-dev');
      await using folder = await temporaryFolder();
      const bytes = Buffer.alloc(1_000_000, 'artifact');
      await writeFile(`${folder.path}/due`, bytes);
      if (planted) bytes[777_777] = 0;
      await writeFile(`${folder.path}/served`, bytes);
      await using http = await runHttp([`--artifact-dir=${folder.path}`], emptyMachines);
      const words = ['127.0.0.1', `${http.port}`, '/artifacts/served', `${folder.path}/due`, '2', '0.3'];
      const load = spawn(compile(cc, 'artifact-load', folder.path), words);
      let said = '';
      load.stdout.on('data', (piece) => {
        said += String(piece);
      });
      await once(load, 'close');
      const { answers, wrong, failed } = JSON.parse(said) as Record<string, number>;
      expect(failed).to.equal(0);
      if (planted) expect([answers, wrong! > 0]).to.deep.equal([0, true]);
      else expect([answers! > 0, wrong]).to.deep.equal([true, 0]);
    });
  }
});
