import { createSocket } from 'node:dgram';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { HostPort } from '#shared/config.ts';
import { connectBoots } from '#shared/events/client.ts';
import type { BootEvent__Output as BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { makeLoaders, smee, startUp } from '../support/cli.ts';
import { collector } from '../support/collector.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { fetch as fetchByTftp, TftpClient } from '../support/tftp.ts';
import { until } from '../support/until.ts';

const ofOperator = 'hunter2-of-the-operator';
const ofRecord = 'hunter2-of-the-record';
const mac = '52:54:00:99:00:02';
const address = '127.99.0.2';

const spec = (kernelParams: readonly string[]) => ({
  interfaces: [
    {
      dhcp: { mac, hostname: 'node02', ip: { address, netmask: '255.0.0.0' } },
      netboot: { allowPXE: true, osie: { kernelParams } },
    },
  ],
});

async function tell({ host, port }: HostPort, text: string): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  await new Promise((resolve) => socket.send(text, port, host, resolve));
  socket.close();
}

/** Everything that the hardware service knows of what happened. */
async function allEvents(hardwareAddr: HostPort): Promise<readonly BootEvent[]> {
  const settings = {
    hardwareAddr,
    tokenFile: undefined,
    tlsCa: undefined,
    tlsCert: undefined,
    tlsKey: undefined,
  };
  using client = connectBoots(settings);
  const { boots } = await client.list({ pageSize: 1000 });
  const found = await Promise.all(boots.map(async ({ id = 0 }) => await client.get({ id })));
  return found.flatMap((boot) => boot?.events ?? []);
}

describe('registry credentials in a boot of Hook', function () {
  this.timeout(60_000);

  it('pass to the script, and to no log line, metric, event, span or error', async () => {
    await using folder = await temporaryFolder();
    using traces = await collector();
    const loaders = await makeLoaders(folder.path);
    await using up = await startUp(folder.path, [
      `--ipxe-dir=${loaders}`,
      '--log-level=debug',
      traces.flag,
      `--extra-kernel-args=registry_username=u registry_password=${ofOperator}`,
    ]);
    const { file } = up;
    const cli = async (args: readonly string[], input = ''): Promise<string> => {
      const { stdout, stderr } = await smee(args, { cwd: folder.path, input });
      return stdout + stderr;
    };
    const document = (params: readonly string[]) =>
      JSON.stringify({
        apiVersion: 'tinkerbell.org/v1alpha1',
        kind: 'Hardware',
        metadata: { name: 'mine' },
        spec: spec(params),
      });
    const said: string[] = [];
    const apply = async (...params: string[]) =>
      said.push(await cli(['hardware', 'apply', '-f', '-'], document(params)));

    // What cannot stand on a kernel line is refused by name, and not repeated.
    await apply(`registry_password=${ofRecord}\nshell`);
    expect(said.at(-1)).to.match(/kernel_?params/i);
    await apply('quiet', `registry_password=${ofRecord}`);

    // The whole boot, step by step: DHCP, TFTP, script, kernel, initrd, syslog.
    const boot = await cli(['simulate', '--mac', mac, '--firmware', 'uefi']);
    expect(boot).to.match(/booted in/);
    said.push(boot);

    // The script itself has both, over either protocol, and as iPXE 2 asks for it.
    const [http] = file.http;
    const script = await (await fetch(`http://${http?.host}:${http?.port}/${mac}/auto.ipxe`)).text();
    await using client = await TftpClient.open(file.tftp[0]!, address);
    const byTftp = String(await fetchByTftp(client, 'autoexec.ipxe'));
    for (const secret of [ofOperator, ofRecord]) {
      expect(script).to.include(`registry_password=${secret}`);
      expect(byTftp).to.include(`registry_password=${secret}`);
    }

    // The kernel prints its command line, and sends it to us; so does Hook, in JSON.
    const commandLine = /^kernel \S+ (.+) && goto/m.exec(script)?.[1] ?? '';
    expect(commandLine).to.include(ofOperator).and.include(ofRecord);
    const [syslog] = file.syslog;
    await tell(syslog!, `<6>kernel: Command line: ${commandLine}`);
    await tell(syslog!, `<6>1 - node02 hook - - - ${JSON.stringify({ cmdline: commandLine })}`);
    await tell(syslog!, `\x1b not a message ${commandLine}`);
    const heard = () => up.log().filter((line) => line.service === 'syslog' && line.machine === 'node02');
    await until('three lines about them', () => heard().length >= 3);

    // Errors on the way: no such file, no such route, a method that there is not.
    for (const path of ['/nothing', `/${mac}/nothing`, '/artifacts/nothing']) {
      said.push(await (await fetch(`http://${http?.host}:${http?.port}${path}`)).text());
    }
    for (const { host, port } of [...Object.values(file.ops), http!]) {
      said.push(await (await fetch(`http://${host}:${port}/metrics`)).text());
    }
    // What the services told: events, spans, and what is kept of their settings.
    const stages = (events: readonly BootEvent[]) => new Set(events.map(({ stage }) => stage));
    await until('events of all stages', async () => {
      const { size } = stages(await allEvents(file.hardware));
      return size >= 4;
    });
    const events = await allEvents(file.hardware);
    expect([...stages(events)]).to.include.members(['DHCP', 'TFTP', 'HTTP', 'SYSLOG']);
    said.push(JSON.stringify(events));
    await until('spans of all services', () => new Set(traces.spans.map((span) => span.service)).size >= 3);
    said.push(traces.text());
    const data = join(folder.path, 'data');
    const kept = (await readdir(data)).filter((name) => name.startsWith('boots.db'));
    expect(kept).to.include('boots.db');
    for (const name of kept) said.push(await readFile(join(data, name), 'latin1'));

    said.push(await cli(['hardware', 'list']), up.process.stderr, up.process.stdout);
    said.push(await readFile(join(folder.path, 'data', 'up.json'), 'utf8'));

    const all = said.join('\n');
    expect(all).to.include('registry_password=[hidden]').and.include('smee_http_answers_total');
    expect(all).not.to.include('hunter2');
  });
});
