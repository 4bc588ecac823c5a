import { mkdir, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import { fixedMachines, type MachineParts, machine, notSynced } from '../support/machines.ts';
import { fetch, TftpClient } from '../support/tftp.ts';
import { tftpService } from '../support/tftp-service.ts';

const address = '127.0.0.7';
const at = (parts: MachineParts = {}) =>
  machine({ ...parts, dhcp: { address: parseIp4(address), ...parts.dhcp } });

type Service = Awaited<ReturnType<typeof tftpService>>;

/** The text of a file, or the ERROR that came instead. */
async function ask({ server }: Service, file: string, from = address): Promise<string> {
  await using client = await TftpClient.open(server, from);
  return await fetch(client, file).then(
    (bytes) => bytes.toString(),
    (error: Error) => error.message,
  );
}

describe('services/tftp, the routes of a machine', () => {
  describe('scripts', () => {
    it('gives iPXE 2 the script of the machine at its address', async () => {
      await using service = await tftpService({ machines: fixedMachines([at()]) });
      const script = await ask(service, 'autoexec.ipxe');
      expect(script.split('\n').slice(0, 4)).to.deep.equal([
        '#!ipxe',
        '',
        'echo smee: booting 52:54:00:77:00:07',
        'dhcp || exit 1',
      ]);
      expect(script).to.include('set download-url http://127.0.0.1:8080/artifacts\n');
      expect(script).to.include('hw_addr=52:54:00:77:00:07');
      expect(await service.lineAbout('autoexec.ipxe')).to.include({ mac: '52:54:00:77:00:07', why: 'ok' });
    });

    for (const path of ['52-54-00-77-00-07/auto.ipxe', '/52:54:00:77:00:07/autoexec.ipxe']) {
      it(`gives the script of the machine that the path names (${path})`, async () => {
        await using service = await tftpService({ machines: fixedMachines([at()]) });
        const script = await ask(service, path, '127.0.0.99');
        expect(script).to.include('hw_addr=52:54:00:77:00:07');
        expect(script.includes('\ndhcp || exit 1\n')).to.equal(path.endsWith('autoexec.ipxe'));
      });
    }

    it('gives the script of the machine that the path names', async () => {
      const others = [at(), machine({ name: 'b', dhcp: { mac: parseMac('52:54:00:77:00:08')! } })];
      await using service = await tftpService({ machines: fixedMachines(others) });
      expect(await ask(service, '52-54-00-77-00-08/auto.ipxe')).to.include('hw_addr=52:54:00:77:00:08');
    });

    it('names our HTTP service as the settings do', async () => {
      const rows: [string[], string, string][] = [
        [
          ['--dhcp-http-ipxe-script-host=boot.example.com'],
          'http://boot.example.com:8080',
          'boot.example.com',
        ],
        [
          ['--dhcp-http-ipxe-script-scheme=https', '--dhcp-http-ipxe-script-port=443'],
          'https://127.0.0.1',
          '127.0.0.1',
        ],
        [
          ['--dhcp-http-ipxe-script-host=$' + '{next-server}'],
          'http://$' + '{next-server}:8080',
          '$' + '{next-server}',
        ],
      ];
      for (const [args, origin, syslog] of rows) {
        await using service = await tftpService({ machines: fixedMachines([at()]), args });
        const script = await ask(service, 'autoexec.ipxe');
        expect(script).to.include(`set download-url ${origin}/artifacts\n`);
        expect(script).to.include(`syslog_host=${syslog} `);
      }
    });

    it('says ERROR 2 and why to a machine that may not boot', async () => {
      await using service = await tftpService({
        machines: fixedMachines([at({ netboot: { allowed: false } })]),
      });
      for (const path of ['autoexec.ipxe', '52-54-00-77-00-07/auto.ipxe']) {
        expect(await ask(service, path)).to.match(/^ERROR 2: netboot-not-allowed: /);
      }
    });

    it('says ERROR 1 to a stranger, and ERROR 0 before the records are here', async () => {
      await using service = await tftpService();
      expect(await ask(service, 'autoexec.ipxe')).to.match(/^ERROR 1: unknown-machine: /);
      await using early = await tftpService({ machines: notSynced });
      expect(await ask(early, 'autoexec.ipxe')).to.match(/^ERROR 0: not-synced: /);
    });

    it('gives who has no record a script for any machine, in auto-proxy mode', async () => {
      await using service = await tftpService({ args: ['--dhcp-mode=auto-proxy'] });
      const script = await ask(service, 'autoexec.ipxe');
      expect(script)
        .to.include('\ndhcp || exit 1\n')
        .and.match(/hw_addr=\$\{mac\}/);
    });

    it('names the field of a record that cannot stand in a script, and not its value', async () => {
      const unsafe = at({ agentId: 'x\nshell' });
      await using service = await tftpService({ machines: fixedMachines([unsafe]) });
      expect(await ask(service, 'autoexec.ipxe')).to.match(/^ERROR 0: unsafe-record: /);
      const line = service.lines.find(({ msg }) => msg === 'no script can be made');
      expect(line).to.include({ why: 'unsafe-record', detail: 'agent_id holds a control character' });
      expect(JSON.stringify(service.lines)).not.to.include('shell');
    });
  });

  it('gives U-Boot, which asks by `pxe get`, the pxelinux text of its record', async () => {
    const config = 'default linux\nlabel linux\n  kernel vmlinuz\n  append console=ttyS0\n';
    const records = [at({ netboot: { pxelinuxConfig: config } })];
    await using service = await tftpService({
      machines: fixedMachines(records),
      files: { vmlinuz: 'kernel' },
    });
    // doc/README.pxe and net/tftp.c of U-Boot: by UUID, then by MAC; with these options, in this order.
    await using client = await TftpClient.open(service.server, address);
    const options = ['timeout', '5', 'tsize', '0', 'blksize', '1468', 'windowsize', '1'];
    await client.request('pxelinux.cfg/550e8400-e29b-41d4-a716-446655440000', options);
    expect((await client.next()).said).to.equal('ERROR 1');
    await client.request('pxelinux.cfg/01-52-54-00-77-00-07', options);
    expect((await client.next()).said).to.equal(
      `OACK timeout=5 tsize=${config.length} blksize=1468 windowsize=1`,
    );
    await client.ack(0);
    expect((await client.next()).data.toString()).to.equal(config);
    await client.ack(1);
    expect(await ask(service, 'vmlinuz')).to.equal('kernel');
  });

  it('goes on to the next name of `pxe get` when the record has no such text', async () => {
    await using service = await tftpService({ machines: fixedMachines([at()]) });
    await mkdir(`${service.assets}/pxelinux.cfg`);
    await writeFile(`${service.assets}/pxelinux.cfg/default`, 'default linux\n');
    // The MAC, the address from whole to one digit, then default-<arch>-<soc>, default-<arch>, default.
    const names = ['01-52-54-00-77-00-07', '7F000007', '7F00000', '7F0000', '7', 'default-arm', 'default'];
    const answers: string[] = [];
    for (const name of names) answers.push(await ask(service, `pxelinux.cfg/${name}`));
    expect(answers.slice(0, -1).every((answer) => answer.startsWith('ERROR 1'))).to.equal(true);
    expect(answers.at(-1)).to.equal('default linux\n');
  });

  it('boots a Raspberry Pi 4, which asks for this and that below its serial number', async () => {
    const pi = at({
      dhcp: { mac: parseMac('dc:a6:32:77:00:07')! },
      netboot: {
        rpi: { serialNum: '9ffefdef', firmwarePath: 'rpi4', configTxt: 'arm_64bit=1\n' },
        osie: {
          baseUrl: undefined,
          kernel: undefined,
          initrd: undefined,
          kernelParams: ['console=serial0', 'quiet'],
        },
      },
    });
    await using service = await tftpService({ machines: fixedMachines([pi]) });
    await mkdir(`${service.assets}/rpi4/overlays`, { recursive: true });
    const firmware = [
      'start4.elf',
      'fixup4.dat',
      'bcm2711-rpi-4-b.dtb',
      'overlays/miniuart-bt.dtbo',
      'kernel8.img',
    ];
    for (const name of firmware) await writeFile(`${service.assets}/rpi4/${name}`, `the ${name}`);
    // The order of its boot loader as raspberrypi.com's "Boot flow" and rpi-eeprom's logs have it. What is absent is an
    // option: it goes on.
    const asked: [name: string, answer: string | RegExp][] = [
      ['config.txt', 'arm_64bit=1\n'],
      ['pieeprom.sig', /^ERROR 1: not-found/],
      ['recover4.elf', /^ERROR 1: not-found/],
      ['start4.elf', 'the start4.elf'],
      ['fixup4.dat', 'the fixup4.dat'],
      ['recovery.elf', /^ERROR 1: not-found/],
      ['cmdline.txt', 'console=serial0 quiet'],
      ['bcm2711-rpi-4-b.dtb', 'the bcm2711-rpi-4-b.dtb'],
      ['overlays/miniuart-bt.dtbo', 'the overlays/miniuart-bt.dtbo'],
      ['armstub8-gic.bin', /^ERROR 1: not-found/],
      ['kernel8.img', 'the kernel8.img'],
    ];
    for (const [name, answer] of asked) {
      const got = await ask(service, `9ffefdef/${name}`);
      if (answer instanceof RegExp) expect(got, name).to.match(answer);
      else expect(got, name).to.equal(answer);
      expect(await service.lineAbout(`9ffefdef/${name}`)).to.include({ mac: 'dc:a6:32:77:00:07' });
    }
  });

  it('leads no Raspberry Pi out of the asset folder, whatever its record says', async () => {
    const rpi = { serialNum: '9ffefdef', firmwarePath: '../ipxe', configTxt: undefined };
    await using service = await tftpService({ machines: fixedMachines([at({ netboot: { rpi } })]) });
    expect(await ask(service, '9ffefdef/start4.elf')).to.match(/^ERROR 2: outside-root: /);
    expect(await ask(service, '9ffefdef/../../ipxe/secret')).to.match(/^ERROR 2: outside-root: /);
  });
});
