import { mkdir, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { type RouteName, routeNames } from '#shared/assets/route.ts';
import type { Machine } from '#shared/hardware/machine.ts';
import { formatIp4, parseIp4 } from '#shared/ip4.ts';
import { formatMac, parseMac } from '#shared/mac.ts';
import { rawHttp, runHttp } from '../support/http.ts';
import { emptyMachines, type FakeMachines, fixedMachines, machine } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { fetch as fetchByTftp, TftpClient } from '../support/tftp.ts';
import { tftpService } from '../support/tftp-service.ts';

/** A machine on loopback with something of its own for every route. */
const owner = (allowed: boolean) =>
  machine({
    dhcp: { address: parseIp4('127.0.0.7') },
    netboot: {
      allowed,
      pxelinuxConfig: 'default linux\n',
      rpi: { serialNum: '10000000abcdef01', firmwarePath: 'rpi4', configTxt: 'arm_64bit=1\n' },
      osie: { baseUrl: undefined, kernel: undefined, initrd: undefined, kernelParams: ['quiet'] },
    },
  });

type Ask = (path: string, from: string) => Promise<string>;

interface Way {
  readonly path: string;
  /** Whether the path says who asks. */
  readonly named: boolean;
}

/** How a machine can ask for what a route gives. A new route without a row here does not compile. */
const ways: Readonly<Record<RouteName, (mac: string) => readonly Way[]>> = {
  loader: (mac) => [
    { path: 'ipxe.efi', named: false },
    { path: `${mac}/ipxe.efi`, named: true },
    { path: `any/${mac}/ipxe.efi-00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`, named: true },
  ],
  pxelinux: (mac) => [
    { path: `pxelinux.cfg/01-${mac.replaceAll(/[:.]/g, '-')}`, named: true },
    { path: `boot/pxelinux.cfg/01-${mac.replaceAll(/[:.]/g, '-').toUpperCase()}`, named: true },
  ],
  'raspberry-pi': () =>
    ['config.txt', 'cmdline.txt', 'start4.elf'].map((name) => ({
      path: `10000000abcdef01/${name}`,
      named: false,
    })),
  script: (mac) => [
    { path: 'auto.ipxe', named: false },
    { path: 'autoexec.ipxe', named: false },
    { path: `${mac}/auto.ipxe`, named: true },
    { path: `ipxe/${mac}/autoexec.ipxe`, named: true },
  ],
  file: (mac) => [
    { path: 'grub.cfg', named: false },
    { path: `${mac}/grub.cfg`, named: true },
    { path: `grub.cfg-01-${mac.replaceAll(/[:.]/g, '-')}`, named: true },
  ],
};

/** Routes whose answer is made from a record, so that there is none for a stranger. */
const ofRecords: readonly RouteName[] = ['pxelinux', 'script'];

const files = ['grub.cfg', 'grub.cfg-01-52-54-00-77-00-07', 'rpi4/start4.elf', '52-54-00-77-00-07/grub.cfg'];

/** Both services over the same folders; an answer is `ok`, or the reason why not. */
async function services(machines: FakeMachines) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const [assets, ipxe] = [`${folder.path}/assets`, `${folder.path}/ipxe`];
  await mkdir(`${assets}/rpi4`, { recursive: true });
  await mkdir(`${assets}/52-54-00-77-00-07`);
  await mkdir(ipxe);
  for (const file of files) await writeFile(`${assets}/${file}`, 'file');
  await writeFile(`${ipxe}/ipxe.efi`, 'loader');
  const flags = [`--tftp-asset-dir=${assets}`, `--ipxe-dir=${ipxe}`];
  const tftp = stack.use(await tftpService({ machines, args: flags }));
  const http = stack.use(
    await runHttp([...flags, '--pxe-http-enabled', '--trusted-proxies=127.0.0.1'], machines),
  );

  const overHttp =
    (prefix: string): Ask =>
    async (path, from) => {
      const request = `GET ${prefix}${path} HTTP/1.0\r\nHost: boot\r\nX-Forwarded-For: ${from}\r\n\r\n`;
      const { status, headers } = await rawHttp(http.port, request);
      return status === 200 ? 'ok' : String(headers['x-smee-reason']);
    };
  const transports: Readonly<Record<string, Ask>> = {
    async tftp(path, from) {
      await using client = await TftpClient.open(tftp.server, from);
      return await fetchByTftp(client, path).then(
        () => 'ok',
        (error: Error) => /ERROR \d+: ([a-z-]+)/.exec(error.message)?.[1] ?? error.message,
      );
    },
    'http below the prefix of TFTP': overHttp('/tftp/'),
    'http below /ipxe/': overHttp('/ipxe/'),
    'http at the root': overHttp('/'),
  };
  const owned = stack.move();
  return { transports, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const here = formatIp4(owner(true).dhcp.address!);
const elsewhere = '127.0.0.99';

/** Every way by every route: the path, and from where it makes sure that the machine is known by it. */
function* everyWay(mac: string): Generator<{ route: RouteName; path: string; from: string }> {
  for (const route of routeNames) {
    for (const { path, named } of ways[route](mac)) {
      yield { route, path, from: here };
      if (named) yield { route, path, from: elsewhere };
    }
  }
}

describe('the boot gate, asked by every route over TFTP and HTTP', () => {
  it('gives a machine that may boot something by every route', async () => {
    await using running = await services(fixedMachines([owner(true)]));
    for (const { route, path, from } of everyWay('52-54-00-77-00-07')) {
      const answers = await Promise.all(Object.values(running.transports).map((ask) => ask(path, from)));
      expect(answers.slice(0, 2), `${route}: ${path} from ${from}`).to.deep.equal(['ok', 'ok']);
    }
  });

  it('refuses a machine that may not boot on every route, however it is known', async function () {
    this.timeout(20_000);
    await using running = await services(fixedMachines([owner(false)]));
    const spelling = fc.constantFrom('colon', 'dash', 'dot', 'no-delimiter');
    const format = (how: 'colon' | 'dash' | 'dot' | 'no-delimiter') => formatMac(owner(false).dhcp.mac, how);
    const all = (mac: string) => [...everyWay(mac)];
    await fc.assert(
      fc.asyncProperty(spelling, fc.boolean(), fc.nat(), async (how, capitals, pick) => {
        // File names spell the MAC with dashes; every other spelling is a folder's.
        const mac = capitals ? format(how).toUpperCase() : format(how);
        const rows = all(mac).filter(({ path }) => !/01-[0-9a-f]{12}$/i.test(path));
        const row = rows[pick % rows.length]!;
        for (const [transport, ask] of Object.entries(running.transports)) {
          const said = await ask(row.path, row.from);
          // Where no route of that kind is open, there is nothing to refuse: nobody gets anything.
          const closed = transport.endsWith('root') || transport.endsWith('/ipxe/');
          expect(said, `${row.path} from ${row.from}, ${transport}`).to.be.oneOf(
            closed ? ['netboot-not-allowed', 'not-found'] : ['netboot-not-allowed'],
          );
        }
      }),
      { numRuns: 150 },
    );
    for (const { route, path, from } of everyWay('52-54-00-77-00-07')) {
      for (const transport of ['tftp', 'http below the prefix of TFTP']) {
        const said = await running.transports[transport]!(path, from);
        expect(said, `${route}: ${path} from ${from}, ${transport}`).to.equal('netboot-not-allowed');
      }
    }
  });

  it('refuses an unknown machine wherever a record is required', async () => {
    await using running = await services(emptyMachines);
    for (const { route, path, from } of everyWay('52-54-00-77-00-07')) {
      if (!ofRecords.includes(route)) continue;
      for (const transport of ['tftp', 'http below the prefix of TFTP']) {
        const said = await running.transports[transport]!(path, from);
        expect(said, `${route}: ${path}, ${transport}`).to.equal('unknown-machine');
      }
    }
  });

  it('gives nobody the files of a Raspberry Pi but itself', async () => {
    await using running = await services(fixedMachines([owner(true)]));
    for (const { path } of ways['raspberry-pi']('')) {
      for (const transport of ['tftp', 'http below the prefix of TFTP']) {
        expect(await running.transports[transport]!(path, elsewhere), path).to.equal('not-found');
      }
    }
  });

  it('does not guess between two machines of one address', async () => {
    const mac = parseMac('52:54:00:77:00:08')!;
    const twin: Machine = { ...owner(true), name: 'twin', dhcp: { ...owner(true).dhcp, mac } };
    await using running = await services(fixedMachines([owner(true), twin]));
    for (const path of ['auto.ipxe', 'autoexec.ipxe', '10000000abcdef01/config.txt']) {
      for (const transport of ['tftp', 'http below the prefix of TFTP']) {
        expect(await running.transports[transport]!(path, here), path).to.equal('ambiguous-machine');
      }
    }
  });
});
