// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is iPXE that expands these.
import { expect } from 'chai';
import { parseMac } from '#shared/mac.ts';
import { type DefaultBoot, renderScript } from '../../../../../services/http/wire/ipxe-script.ts';
import { expectGolden } from '../../../../support/golden.ts';

const mac = parseMac('52:54:00:77:00:07')!;

const boot: DefaultBoot = {
  mac,
  arch: 'x86_64',
  downloadUrl: 'http://192.168.77.1:8080/artifacts',
  kernel: 'vmlinuz-x86_64',
  initrd: 'initramfs-x86_64',
  kernelArgs: ['facility=onprem', 'initrd=initramfs-x86_64', 'console=tty0 quiet'],
  retries: 3,
  retryDelay: 2,
  syslog: { address: '192.168.77.1' },
};

describe('services/http/wire/ipxe-script.ts', () => {
  describe('renderScript', () => {
    it('renders the default boot', () => {
      expectGolden('scripts/default.ipxe', renderScript({ kind: 'default', boot }));
    });

    it('renders a boot for any machine, by what iPXE knows of itself', () => {
      const { mac: _, arch: __, ...any } = boot;
      const named = {
        kernel: 'vmlinuz-${arch}',
        initrd: 'initramfs-${arch}',
        kernelArgs: ['hw_addr=${mac}'],
      };
      const script = renderScript({ kind: 'any', boot: { ...any, ...named, arch: undefined } });
      expectGolden('scripts/any.ipxe', script);
    });

    it('looks up a syslog host that is a name, and goes on without it', () => {
      const script = renderScript({
        kind: 'default',
        boot: { ...boot, syslog: { name: 'logs.example.com' } },
      });
      expect(script.split('\n')[3]).to.equal('nslookup syslog logs.example.com ||');
    });

    it('sets no syslog host where there is none', () => {
      expect(renderScript({ kind: 'default', boot: { ...boot, syslog: undefined } })).not.to.include(
        'syslog ',
      );
    });

    it('chains to a machine’s own URL', () => {
      const url = 'https://boot.example.com/menu.ipxe?rack=1&row=2';
      expectGolden('scripts/custom-url.ipxe', renderScript({ kind: 'custom-url', mac, url }));
    });

    it('runs a machine’s own text as it is', () => {
      const contents = '#!ipxe\nset a ${net0/mac} && echo ${a} ||\nshell\n';
      const script = renderScript({ kind: 'custom-script', mac, contents });
      expectGolden('scripts/custom-script.ipxe', script);
      expect(script.endsWith(contents)).to.equal(true);
    });

    it('jumps only to labels that are there, each of them once', () => {
      const script = renderScript({ kind: 'default', boot });
      const labels = [...script.matchAll(/^:(\S+)$/gm)].map(([, label]) => label);
      const jumps = [...script.matchAll(/goto (\S+)/g)].map(([, label]) => label);
      expect(new Set(labels).size).to.equal(labels.length);
      expect(jumps.filter((label) => !labels.includes(label))).to.deep.equal([]);
      expect(jumps.length).to.be.greaterThan(6);
    });

    it('frees the images and fails, whichever step fails', () => {
      const script = renderScript({ kind: 'default', boot });
      for (const step of ['kernel', 'initrd', 'boot']) {
        expect(script).to.match(new RegExp(`:no-${step}\necho [^\n]+\nimgfree\nexit 1\n`));
      }
    });
  });
});
