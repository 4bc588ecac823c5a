import { expect } from 'chai';
import type { Machine } from '#shared/hardware/machine.ts';
import { parseMac } from '#shared/mac.ts';
import { decode } from '../../../../../../services/dhcp/wire/packet.ts';
import { readRequest } from '../../../../../../services/dhcp/wire/request.ts';
import { type Client, clientOf } from '../../../../../../services/hardware/explain/decide/client.ts';
import { askDhcp } from '../../../../../../services/hardware/explain/decide/dhcp.ts';
import type { Platform } from '../../../../../../services/hardware/explain/decide/platform.ts';
import { capture } from '../../../../../support/captures.ts';
import { dhcpHandler, fromNobody } from '../../../../../support/dhcp-handler.ts';
import { ip } from '../../../../../support/dhcp-request.ts';
import { world } from '../../../../../support/explain-world.ts';
import { fixedMachines, machine } from '../../../../../support/machines.ts';

/** Real requests of real firmware, and what they are here: the firmware itself, or (`then`) what it loaded. */
const real: readonly [stem: string, platform: Platform, stage?: 'then'][] = [
  ['bios-ipxerom', { firmware: 'ipxe', arch: 0 }],
  ['bios-undionly', { firmware: 'pxe', arch: 0 }],
  ['bios-undionly', { firmware: 'pxe', arch: 0 }, 'then'],
  ['ovmf-pxe', { firmware: 'pxe', arch: 7 }],
  ['ovmf-pxe', { firmware: 'pxe', arch: 7 }, 'then'],
  ['ovmf-http', { firmware: 'http', arch: 16 }],
  ['ovmf-http', { firmware: 'http', arch: 16 }, 'then'],
  ['aavmf-pxe', { firmware: 'pxe', arch: 11 }],
];

type Change = (one: Machine) => Machine;
const same: Change = (one) => one;

/** What may differ from one provisioner to the next. */
const sites: readonly [
  what: string,
  change: Change | undefined,
  args: readonly string[],
  missing: string[],
][] = [
  ['a machine that may boot', same, [], []],
  ['a machine that may not', (one) => ({ ...one, netboot: { ...one.netboot, allowed: false } }), [], []],
  ['a machine with DHCP off', (one) => ({ ...one, dhcp: { ...one.dhcp, disabled: true } }), [], []],
  ['a machine without an address', (one) => ({ ...one, dhcp: { ...one.dhcp, address: undefined } }), [], []],
  ['a stranger', undefined, [], []],
  ['a loader that is not there', same, [], ['undionly.kpxe', 'ipxe.efi', 'snp-arm64.efi']],
  ['iPXE that is always chained', same, ['--ipxe-chain=always'], []],
  ['addresses only', same, ['--dhcp-enable-netboot-options=false'], []],
  ['no script', same, ['--http-ipxe-script-enabled=false'], []],
  ['a loader of its own', (one) => ({ ...one, netboot: { ...one.netboot, binary: 'own.efi' } }), [], []],
  [
    'a file of its own',
    (one) => ({ ...one, dhcp: { ...one.dhcp, tftpServerName: 'a', bootFileName: 'b' } }),
    [],
    [],
  ],
  ['proxy mode', same, ['--dhcp-mode=proxy'], []],
  ['auto-proxy mode, a stranger', undefined, ['--dhcp-mode=auto-proxy'], []],
];

function requestsOf(stem: string, stage: 'then' | undefined) {
  const number = stage === 'then' ? '2' : '';
  return { discover: capture(`${stem}-discover${number}`), request: capture(`${stem}-request${number}`) };
}

describe('services/hardware/explain/decide/dhcp', () => {
  for (const [what, change, args, missing] of sites) {
    for (const [stem, platform, stage] of real) {
      it(`answers ${stem}${stage === undefined ? '' : ", as the loader's iPXE,"} as the service does: ${what}`, () => {
        const { discover, request } = requestsOf(stem, stage);
        const asked = readRequest(decode(request));
        const mac = parseMac(asked.mac ?? '')!;
        const record = machine({ dhcp: { mac, address: asked.requestedAddress ?? ip('192.168.77.99') } });
        const machines = change === undefined ? [] : [change(record)];

        const service = dhcpHandler({ machines: fixedMachines(machines), args, missingLoaders: missing });
        service.handle(discover, fromNobody);
        service.handle(request, fromNobody);
        const lines = service.exchanges().map(({ said, why, file, ip: address, detail }) => {
          return { said, why, file, ip: address, detail };
        });

        const first = clientOf(platform);
        const client: Client = stage === undefined ? first : first.loads!;
        const told = [...askDhcp(world({ machines, mac, dhcp: args, missing }), client)];
        const steps = told.flatMap((one) =>
          'outcome' in one
            ? [
                {
                  said: one.said,
                  why: one.why,
                  file: one.details.file,
                  ip: one.details.ip,
                  detail: one.details.detail,
                },
              ]
            : [],
        );
        // A dry run ends at its first no.
        expect(steps.length).to.be.at.least(1);
        expect(steps).to.deep.equal(lines.slice(0, steps.length));
      });
    }
  }
});
