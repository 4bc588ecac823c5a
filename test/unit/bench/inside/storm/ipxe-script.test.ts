import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { expand, kernelUrl } from '../../../../../bench/inside/storm/ipxe-script.ts';

const settings = new Map([['mac', '52:54:00:77:00:07']]);

describe('bench/inside/storm/ipxe-script.ts', () => {
  it('puts in what iPXE knows of the machine, and nothing for what it does not', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: iPXE's own.
    expect(expand('a/${mac}/${net0/mac}/${other}', settings)).to.equal(
      'a/52:54:00:77:00:07/52:54:00:77:00:07/',
    );
  });

  it('finds the kernel of the script that we give', async () => {
    const script = await readFile(
      new URL('../../../../fixtures/scripts/default.ipxe', import.meta.url),
      'utf8',
    );
    expect(kernelUrl(script, settings)).to.equal('http://192.168.77.1:8080/artifacts/vmlinuz-x86_64');
  });

  it('finds none where a script loads none, or is none', () => {
    expect(kernelUrl('#!ipxe\nset kernel x\nshell\n', settings)).to.equal(undefined);
    expect(kernelUrl('<html>kernel http://a/b</html>', settings)).to.equal(undefined);
  });
});
