import { expect } from 'chai';
import { type Reason, reasons } from '#shared/boot/reasons.ts';
import { explain } from '../../../../../../services/hardware/explain/decide/explain.ts';
import type { Platform } from '../../../../../../services/hardware/explain/decide/platform.ts';
import { ip, mac } from '../../../../../support/dhcp-request.ts';
import { type WorldParts, world } from '../../../../../support/explain-world.ts';
import { type MachineParts, machine } from '../../../../../support/machines.ts';

const uefi: Platform = { firmware: 'pxe', arch: 7 };
const bios: Platform = { firmware: 'pxe', arch: 0 };
const httpBoot: Platform = { firmware: 'http', arch: 16 };
const ipxe: Platform = { firmware: 'ipxe', arch: 0 };

const one = (parts: MachineParts): WorldParts => ({ machines: [machine(parts)] });

/** `dhcp OFFER ok`, … */
function told(parts: WorldParts = {}, platform: Platform = uefi): readonly string[] {
  return explain(world(parts), platform).steps.map(({ stage, said, why }) => `${stage} ${said} ${why}`);
}

/** As a record names them that has them in a folder of their own. */
const hookFiles = {
  baseUrl: undefined,
  kernel: 'hook/vmlinuz',
  initrd: 'hook/initrd',
  kernelParams: [],
};

const dhcp = ['dhcp OFFER ok', 'dhcp ACK ok'];
const images = ['http artifact ok', 'http artifact ok'];

describe('services/hardware/explain/decide/explain', () => {
  describe('tells the boot of', () => {
    const iPXE = [...dhcp, 'http script ok', ...images];
    const rows: readonly [what: string, platform: Platform, steps: readonly string[]][] = [
      ['BIOS with PXE', bios, [...dhcp, 'tftp DATA ok', ...iPXE]],
      ['UEFI with PXE', uefi, [...dhcp, 'tftp DATA ok', ...iPXE]],
      ['UEFI with HTTP Boot', httpBoot, [...dhcp, 'http loader ok', ...iPXE]],
      ['iPXE in the network card', ipxe, iPXE],
    ];
    for (const [what, platform, steps] of rows) {
      it(what, () => {
        expect(told({}, platform)).to.deep.equal(steps);
        expect(explain(world(), platform)).to.deep.include({ boots: true, changes: [], unknowns: [] });
      });
    }

    it('a machine whose iPXE is chained to our own', () => {
      const { steps, unknowns } = explain(world({ dhcp: ['--ipxe-chain=always'] }), ipxe);
      expect(steps.map(({ asks }) => asks)).to.deep.equal([
        'DISCOVER of iPXE, x86 BIOS',
        'REQUEST of iPXE, x86 BIOS',
        '52:54:00:77:00:07/undionly.kpxe over TFTP',
        'DISCOVER of iPXE of Tinkerbell, x86 BIOS',
        'REQUEST of iPXE of Tinkerbell, x86 BIOS',
        'GET /52:54:00:77:00:07/auto.ipxe',
        'GET /artifacts/vmlinuz-x86_64',
        'GET /artifacts/initramfs-x86_64',
      ]);
      expect(unknowns.join()).to.contain('chained for ever');
    });

    it('a machine behind a proxy, which takes its address from another', () => {
      const flags = ['--dhcp-mode=proxy'];
      const { steps, unknowns } = explain(world({ dhcp: flags, tftp: flags, http: flags }), bios);
      expect(steps.map(({ asks }) => asks)).to.not.include('REQUEST of PXE firmware, x86 BIOS');
      expect(unknowns.join()).to.contain('another DHCP server');
    });

    it('a stranger in auto-proxy mode', () => {
      const flags = ['--dhcp-mode=auto-proxy'];
      const parts = { dhcp: flags, tftp: flags, http: flags, machines: [] };
      expect(told(parts, uefi)).to.deep.equal([
        'dhcp OFFER ok',
        'tftp DATA ok',
        'dhcp OFFER ok',
        'http script ok',
        ...images,
      ]);
    });

    it('firmware that insists on port 4011', () => {
      const flags = ['--dhcp-mode=proxy'];
      const machines = [machine({ quirks: ['boot-file-on-4011'] })];
      const { boots, steps } = explain(world({ machines, dhcp: flags, tftp: flags, http: flags }), uefi);
      expect(boots).to.equal(true);
      expect(steps[1]).to.deep.include({
        asks: 'REQUEST of PXE firmware, x64 UEFI on port 4011',
        said: 'ACK',
      });
      expect(steps[1]?.details.file).to.equal('ipxe.efi');
    });

    it('a Raspberry Pi, U-Boot and a BMC, as their records ask for it', () => {
      const rpi = { serialNum: '1234abcd', firmwarePath: 'rpi4', configTxt: 'arm_64bit=1' };
      const osie = { baseUrl: undefined, kernel: undefined, initrd: undefined, kernelParams: ['quiet'] };
      const machines = [
        machine({ isoSource: 'http://images.example/hook.iso', netboot: { rpi, osie, pxelinuxConfig: 'x' } }),
      ];
      const { steps } = explain(
        world({ machines, tftp: ['--tftp-asset-dir=/srv'], http: ['--iso-enabled'] }),
        uefi,
      );
      expect(steps.slice(-4).map(({ asks, why }) => `${asks}: ${why}`)).to.deep.equal([
        'pxelinux.cfg/01-52-54-00-77-00-07 over TFTP: ok',
        '1234abcd/config.txt over TFTP: ok',
        '1234abcd/cmdline.txt over TFTP: ok',
        'GET /iso/52:54:00:77:00:07/boot.iso: ok',
      ]);
    });
  });

  describe('does not pretend to know', () => {
    const rows: readonly [what: string, parts: WorldParts, unknown: string][] = [
      [
        'a script on another server',
        one({ netboot: { scriptUrl: 'http://other.example/x.ipxe' } }),
        'http://other.example/x.ipxe is on another server',
      ],
      [
        'another server of the same host',
        { http: ['--osie-url=http://192.168.77.1/hook'] },
        'http://192.168.77.1/hook/vmlinuz-x86_64 is on another server',
      ],
      [
        'what passes a port on to another',
        { http: ['--http-port=9090', '--osie-url=http://192.168.77.1:9090/artifacts'] },
        'DHCP names port 8080: whether something',
      ],
      [
        'a TFTP server that the settings name',
        { dhcp: ['--dhcp-tftp-ip=192.168.77.9'] },
        '192.168.77.9 is taken for our own service',
      ],
      [
        'a folder in the folder of the artifacts',
        { ...one({ netboot: { osie: hookFiles } }), artifacts: ['hook/'] },
        'what artifact-dir holds',
      ],
      ['a folder that holds more than is told', { artifacts: ['a', '…'] }, 'what artifact-dir holds'],
      ['what a script of its own does', one({ netboot: { scriptContents: 'boot' } }), 'ipxe.contents'],
      [
        'kernels on another server',
        { http: ['--osie-url=http://osie.example/hook'] },
        'http://osie.example/hook/vmlinuz-x86_64 is on another server',
      ],
      [
        "a record's own server and file",
        one({ dhcp: { tftpServerName: 'boot.example', bootFileName: 'pxelinux.0' } }),
        'its own server and boot file',
      ],
      [
        'a folder of which nobody told',
        { change: (at) => ({ ...at, http: { ...at.http, artifacts: undefined } }) },
        'what artifact-dir holds',
      ],
    ];
    for (const [what, parts, unknown] of rows) {
      it(what, () => {
        const { boots, unknowns } = explain(world(parts), uefi);
        expect(unknowns.join('\n')).to.contain(unknown);
        expect(boots).to.equal(true);
      });
    }
  });

  /** For each reason that a decision can give, a world in which it does. */
  const refused: Partial<Record<Reason, readonly [WorldParts, Platform?]>> = {
    'unknown-machine': [{ machines: [] }],
    'ambiguous-machine': [
      {
        machines: [machine(), machine({ name: 'other', dhcp: { mac: mac('52:54:00:77:00:08') } })],
        dhcp: ['--dhcp-http-ipxe-script-prepend-mac=false'],
      },
    ],
    'not-synced': [{ machines: [], change: (at) => ({ ...at, synced: false }) }],
    'netboot-not-allowed': [one({ netboot: { allowed: false } })],
    'dhcp-disabled': [one({ dhcp: { disabled: true } })],
    'no-address': [one({ dhcp: { address: undefined } })],
    'netboot-options-off': [{ dhcp: ['--dhcp-enable-netboot-options=false'] }],
    'explicit-boot-file': [one({ dhcp: { bootFileName: 'pxelinux.0' } })],
    'unknown-architecture': [{}, { firmware: 'pxe', arch: 12 }],
    'loader-missing': [{ missing: ['ipxe.efi'] }],
    'no-script': [{ dhcp: ['--http-ipxe-script-enabled=false'] }],
    'no-server-address': [{ change: (at) => ({ ...at, dhcp: { ...at.dhcp, address: 0 } }) }],
    'reply-too-big': [one({ netboot: { scriptUrl: `http://192.168.77.1/${'x'.repeat(1500)}` } }), ipxe],
    'not-found': [{ artifacts: ['vmlinuz-x86_64'] }],
    'bad-script-url': [one({ netboot: { scriptUrl: 'ftp://files.example/x' } })],
    'unsafe-record': [one({ facility: 'a && b' })],
    'no-iso-source': [{ ...one({ isoSource: 'file:///x.iso' }), http: ['--iso-enabled'] }],
    'patch-too-long': [
      { ...one({ isoSource: 'http://a/b.iso' }), http: ['--iso-enabled', '--iso-magic-string=short'] },
    ],
    'record-left-out': [
      {
        machines: [],
        change: (at) => ({ ...at, leftOut: { name: 'b', what: 'ip 10.0.0.7 is taken by a' } }),
      },
    ],
    'service-off': [{ dhcp: ['--dhcp-enabled=false'] }],
  };

  /** Why a dry run never gives the others. */
  const notGiven: Readonly<Record<string, readonly Reason[]>> = {
    'it is no refusal': ['ok'],
    'no firmware of ours sends such a packet': [
      ...([
        'not-a-request',
        'not-ethernet',
        'no-message-type',
        'unhandled-message-type',
        'malformed',
      ] as const),
      ...(['not-a-netboot-client', 'no-architecture', 'bad-client-uuid', 'no-requested-address'] as const),
      ...(['bad-request', 'write-refused', 'method-not-allowed', 'request-too-big'] as const),
      ...(['range-not-satisfiable', 'precondition-failed', 'too-big-for-netascii'] as const),
    ],
    'it depends on what else goes on on the wire': [
      ...(['other-server', 'not-for-a-proxy', 'wrong-address', 'nak-limited', 'release', 'decline'] as const),
      ...(['size-probe', 'aborted', 'timed-out', 'foreign-port', 'no-transfer', 'tls-failed'] as const),
      ...(['too-many-transfers', 'too-many-connections', 'too-many-requests'] as const),
      ...(['too-much-unanswered', 'source-rate-limited', 'rate-limited'] as const),
      ...(['internal-error', 'shutting-down'] as const),
    ],
    'somebody would have to look at a file, or ask another server': [
      ...(['outside-root', 'not-a-file', 'file-unreadable', 'file-changed', 'file-truncated'] as const),
      ...(['upstream-error', 'upstream-timeout', 'upstream-changed', 'upstream-no-ranges'] as const),
      'redirect-refused',
    ],
    'it is a silence, which only a real boot can fall into': [
      ...(['offer-unanswered', 'relay-unreachable', 'loader-not-fetched', 'loader-silent'] as const),
      ...(['script-not-fetched', 'kernel-not-fetched', 'initrd-not-fetched'] as const),
      ...(['handed-over', 'boot-began-anew', 'fetching', 'fetch-stopped'] as const),
    ],
  };

  describe('gives each reason that a decision can give, and the change that ends it', () => {
    for (const [why, row] of Object.entries(refused)) {
      it(why, () => {
        const [parts, platform = uefi] = row;
        const { boots, steps, changes } = explain(world(parts), platform);
        expect(boots).to.equal(false);
        expect(steps.filter(({ outcome }) => outcome === 'no').map((step) => step.why)).to.include(why);
        expect(changes).to.have.length.of.at.least(1);
        // It went on to the kernel: every no was mended.
        expect(steps.at(-1)?.stage).to.be.oneOf(['http', 'iso']);
      });
    }

    it('and no reason is forgotten', () => {
      const covered = [...Object.keys(refused), ...Object.values(notGiven).flat()];
      expect(covered.toSorted()).to.deep.equal(Object.keys(reasons).toSorted());
    });
  });

  describe('says boots once the change is made', () => {
    type Row = [change: string, before: WorldParts, after: WorldParts, platform?: Platform];
    const rows: readonly Row[] = [
      ['Apply a record with the MAC', { machines: [] }, {}],
      ['Set disableDhcp: false', one({ dhcp: { disabled: true } }), one({ dhcp: { disabled: false } })],
      [
        'Set netboot.allowPXE: true',
        one({ netboot: { allowed: false } }),
        one({ netboot: { allowed: true } }),
      ],
      ['an address', one({ dhcp: { address: undefined } }), one({ dhcp: { address: ip('192.168.77.9') } })],
      ['Set both', one({ dhcp: { bootFileName: 'x' } }), one({ dhcp: {} })],
      ['Put ipxe.efi into the iPXE folder', { missing: ['ipxe.efi'] }, {}],
      ['Put initramfs-x86_64', { artifacts: ['vmlinuz-x86_64'] }, {}],
      ['netboot.ipxe.binary', {}, one({ netboot: { binary: 'ipxe.efi' } }), { firmware: 'pxe', arch: 12 }],
      [
        'ipxe-override-arch-mapping',
        {},
        { dhcp: ['--ipxe-override-arch-mapping=12=ipxe.efi'] },
        { firmware: 'pxe', arch: 12 },
      ],
      [
        'dhcp-enable-netboot-options=true',
        { dhcp: ['--dhcp-enable-netboot-options=false'] },
        { dhcp: ['--dhcp-enable-netboot-options=true'] },
      ],
      [
        'http-ipxe-script-enabled=true',
        { http: ['--http-ipxe-script-enabled=false'] },
        { http: ['--http-ipxe-script-enabled=true'] },
      ],
      [
        'http-ipxe-binary-enabled=true',
        { http: ['--http-ipxe-binary-enabled=false'] },
        { http: ['--http-ipxe-binary-enabled=true'] },
        httpBoot,
      ],
      [
        'Put own.efi into the iPXE folder',
        one({ netboot: { binary: 'own.efi' } }),
        {
          ...one({ netboot: { binary: 'own.efi' } }),
          change: (at) => ({
            ...at,
            http: { ...at.http, knownLoaders: new Set(['own.efi']), loaders: new Set(['own.efi']) },
          }),
        },
        httpBoot,
      ],
      ['dhcp-enabled=true', { dhcp: ['--dhcp-enabled=false'] }, { dhcp: ['--dhcp-enabled=true'] }],
      [
        'tftp-known-clients-only=false',
        {
          machines: [],
          dhcp: ['--dhcp-mode=auto-proxy'],
          tftp: ['--dhcp-mode=auto-proxy', '--tftp-known-clients-only'],
          http: ['--dhcp-mode=auto-proxy'],
        },
        {
          machines: [],
          dhcp: ['--dhcp-mode=auto-proxy'],
          tftp: ['--dhcp-mode=auto-proxy'],
          http: ['--dhcp-mode=auto-proxy'],
        },
      ],
      ['tftp-enabled=true', { tftp: ['--tftp-enabled=false'] }, { tftp: ['--tftp-enabled=true'] }],
      [
        'iso-enabled=true',
        one({ isoSource: 'http://a/b.iso' }),
        { ...one({ isoSource: 'http://a/b.iso' }), http: ['--iso-enabled=true'] },
      ],
      [
        'netboot.ipxe.url',
        one({ netboot: { scriptUrl: 'nonsense' } }),
        one({ netboot: { scriptUrl: 'http://a/b' } }),
      ],
      ['metadata.facility.facility_code', one({ facility: 'a && b' }), one({ facility: 'lab' })],
    ];
    for (const [change, before, after, platform = uefi] of rows) {
      it(change, () => {
        const blocked = explain(world(before), platform);
        expect(blocked.boots).to.equal(false);
        expect(blocked.changes).to.have.length(1);
        expect(blocked.changes[0]?.change).to.contain(change);
        expect(explain(world(after), platform)).to.deep.include({ boots: true, changes: [] });
      });
    }
  });

  it('asks for the URL to be corrected where nothing is served', () => {
    const { boots, changes } = explain(world({ dhcp: ['--dhcp-http-ipxe-binary-path=/files/'] }), httpBoot);
    expect(boots).to.equal(false);
    expect(changes.map(({ change }) => change)).to.deep.equal([
      'Correct the URL that DHCP names (dhcp-http-ipxe-…): the http service has nothing at /files/52:54:00:77:00:07/ipxe.efi.',
    ]);
  });

  it('tells all that stands in the way at once, in the order of the boot', () => {
    const machines = [machine({ dhcp: { disabled: true, address: undefined }, netboot: { allowed: false } })];
    const { changes, steps } = explain(world({ machines, missing: ['ipxe.efi'], artifacts: [] }), uefi);
    expect(changes.map(({ change }) => change)).to.deep.equal([
      'Set disableDhcp: false in the record rack1-node07.',
      'Give the record rack1-node07 an address: dhcp.ip.address and dhcp.ip.netmask.',
      'Set netboot.allowPXE: true in the record rack1-node07.',
      'Put ipxe.efi into the iPXE folder (ipxe-dir).',
      'Put vmlinuz-x86_64 into the folder of the artifacts (artifact-dir).',
      'Put initramfs-x86_64 into the folder of the artifacts (artifact-dir).',
    ]);
    // The step is told with the no that it gives now.
    expect(steps[0]).to.deep.include({ said: 'silent', why: 'dhcp-disabled' });
    expect(steps).to.have.length(8);
  });

  it('is total: no text of a record stops it', () => {
    for (const text of [
      '%zz',
      'tftp://192.168.77.1/%zz',
      'http://192.168.77.1:8080/%zz',
      'http://[',
      '',
      '/',
    ]) {
      for (const netboot of [{ binary: text }, { scriptUrl: text }])
        expect(() => explain(world(one({ netboot })), uefi), text).not.to.throw();
      expect(() =>
        explain(world({ ...one({ isoSource: text }), http: ['--iso-enabled'] }), uefi),
      ).not.to.throw();
    }
  });

  it('holds neither secrets nor stand-ins', () => {
    const secret = 'hunter2';
    const osie = {
      baseUrl: `http://user:${secret}@osie.example/a?token=${secret}`,
      kernel: undefined,
      initrd: undefined,
      kernelParams: [`registry_password=${secret}`],
    };
    const worlds: readonly WorldParts[] = [
      { ...one({ netboot: { osie } }), http: [`--extra-kernel-args=registry_password=${secret}`] },
      one({ netboot: { scriptUrl: `http://user:${secret}@a.example/b?token=${secret}#${secret}` } }),
      one({ netboot: { scriptContents: `set password ${secret}` } }),
      {
        ...one({ isoSource: `https://user:${secret}@a.example/b.iso?t=${secret}` }),
        http: ['--iso-enabled'],
      },
      { machines: [] },
      { ...one({ isoSource: 'file:///x.iso' }), http: ['--iso-enabled'] },
    ];
    for (const parts of worlds) {
      const text = JSON.stringify(explain(world(parts), uefi));
      expect(text).not.to.contain(secret);
      expect(text).not.to.contain('192.0.2.');
    }
  });
});
