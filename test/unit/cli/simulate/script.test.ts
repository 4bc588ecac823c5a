// biome-ignore-all lint/suspicious/noTemplateCurlyInString: iPXE's own syntax
import { expect } from 'chai';
import { expand, runScript } from '../../../../cli/simulate/script.ts';

const machine = new Map([
  ['mac', '52:54:00:77:00:07'],
  ['buildarch', 'i386'],
]);

function run(...lines: readonly string[]) {
  return runScript(['#!ipxe', ...lines].join('\n'), machine);
}

describe('cli/simulate/script.ts', () => {
  it('resolves kernel, its arguments and initrds through variables', () => {
    const outcome = run(
      'set base http://10.0.0.1/artifacts',
      'kernel --name vmlinuz ${base}/vmlinuz hw_addr=${mac} uuid=${mac:hexhyp} || goto failed',
      'initrd --name initramfs ${base}/initramfs',
      'initrd http://10.0.0.1/second',
      'boot',
      ':failed',
      'exit 1',
    );
    expect(outcome).to.deep.include({
      end: 'boot',
      kernel: 'http://10.0.0.1/artifacts/vmlinuz',
      kernelArgs: 'hw_addr=52:54:00:77:00:07 uuid=52-54-00-77-00-07',
      initrds: ['http://10.0.0.1/artifacts/initramfs', 'http://10.0.0.1/second'],
    });
  });

  const choices = [
    ['takes && after a success', 'iseq ${buildarch} i386 && set arch x86_64 || set arch aarch64', 'x86_64'],
    ['takes || after a failure', 'iseq ${buildarch} arm64 && set arch aarch64 || set arch x86_64', 'x86_64'],
    ['forgives with an empty command', 'iseq ${buildarch} arm64 && set arch aarch64 ||', ''],
    ['sees that a variable is unset', 'isset ${nothing} && set arch wrong || set arch right', 'right'],
    ['sees that a variable is set', 'isset ${mac} && set arch right ||', 'right'],
    ['keeps spaces of a value', 'set arch a b  c', 'a b c'],
    ['clears', 'clear mac ||', ''],
  ] as const;
  for (const [name, line, arch] of choices) {
    it(name, () => {
      const outcome = run(line, 'kernel k-${arch}', 'boot');
      expect(outcome).to.include({ kernel: `k-${arch}` });
    });
  }

  it('follows labels, forwards and back', () => {
    expect(run('goto b', ':a', 'kernel k', 'boot', ':b', 'goto a')).to.include({ kernel: 'k' });
  });

  it('ends at a chain', () => {
    expect(run('set u http://10.0.0.1/x.ipxe', 'chain --autofree --replace ${u}')).to.deep.equal({
      end: 'chain',
      url: 'http://10.0.0.1/x.ipxe',
    });
  });

  const failures = [
    ['a text that is no script', ['<html>'], /#!ipxe/],
    ['a boot without a kernel', ['#!ipxe', 'boot'], /without a kernel/],
    ['a script that just ends', ['#!ipxe', 'kernel k'], /ends without a boot/],
    ['a script that gives up', ['#!ipxe', 'exit 1'], /gives up \(exit 1\)/],
    ['a label that is not there', ['#!ipxe', 'goto nowhere'], /:nowhere/],
    ['a command that iPXE does not know', ['#!ipxe', 'kernal k'], /kernal/],
    ['a test that fails without an alternative', ['#!ipxe', 'iseq a b'], /line 2/],
    ['a script without end', ['#!ipxe', ':again', 'goto again'], /still running/],
  ] as const;
  for (const [name, lines, message] of failures) {
    it(`refuses ${name}`, () => {
      expect(() => runScript(lines.join('\n'), machine)).to.throw(message);
    });
  }

  it('expands from the inside out, and unknown names to nothing', () => {
    const settings = new Map([
      ['a', 'b'],
      ['b', 'c'],
    ]);
    expect(expand('<${${a}}>', settings)).to.equal('<c>');
    expect(expand('<${nothing}>', settings)).to.equal('<>');
    expect(expand('<${net0/a}>', settings)).to.equal('<b>');
    expect(() => expand('${x}', new Map([['x', '${x}']]))).to.throw(/contains itself/);
  });
});
