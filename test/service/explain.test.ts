import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { HardwareCallError } from '#shared/grpc/errors.ts';
import { bootClient, bootStory, TestReporter } from '../support/boot-events.ts';
import { record, testHardware } from '../support/hardware-server.ts';
import { helloFromAll } from '../support/hellos.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const mac = '52:54:00:77:00:07';

async function refusal(explained: Promise<unknown>): Promise<string> {
  return await explained.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof HardwareCallError ? error.code : String(error)),
  );
}

describe('services/hardware/handlers/boots/explain.ts', () => {
  it('explains by the record as it is now and the services as they reported themselves', async () => {
    await using service = await testHardware();
    await service.client.create(record('node7', 7));
    using boots = bootClient(service.running.address.port);
    await using _services = await helloFromAll(boots);
    const explained = await boots.explain({ machine: 'node7', arch: 'x86_64-efi' });
    expect(explained).to.deep.include({ boots: true, changes: [], unknowns: [] });
    expect(explained.machine).to.include({ name: 'node7', mac, address: '10.77.0.7' });
    expect(explained.steps.map(({ service: by, asks }) => `${by}: ${asks}`)).to.deep.equal([
      'dhcp: DISCOVER of PXE firmware, x64 UEFI',
      'dhcp: REQUEST of PXE firmware, x64 UEFI',
      'tftp: ipxe.efi over TFTP',
      'dhcp: DISCOVER of iPXE, x64 UEFI',
      'dhcp: REQUEST of iPXE, x64 UEFI',
      `http: GET /${mac}/auto.ipxe`,
      'http: GET /artifacts/vmlinuz-x86_64',
      'http: GET /artifacts/initramfs-x86_64',
    ]);
    // The address that the machine would see, of those that the service told.
    expect(explained.steps[3]?.details?.file).to.equal(`http://10.77.0.1:8080/${mac}/auto.ipxe`);
  });

  it('says what to change, and boots once that is done', async () => {
    await using service = await testHardware();
    const made = await service.client.create(
      record('node7', 7, {
        interfaces: [{ ...record('', 7).interfaces?.[0], netboot: { allowPxe: false } }],
      }),
    );
    using boots = bootClient(service.running.address.port);
    const first = await helloFromAll(boots, { artifacts: 'vmlinuz-x86_64' });
    const before = await boots.explain({ machine: mac });
    expect(before.boots).to.equal(false);
    expect(before.steps[0]).to.deep.include({ outcome: 'NO', reason: 'netboot-not-allowed', said: 'OFFER' });
    expect(before.steps[0]?.action).to.contain('allowPXE');
    expect(before.changes).to.deep.equal([
      'Set netboot.allowPXE: true in the record node7.',
      'Put initramfs-x86_64 into the folder of the artifacts (artifact-dir).',
    ]);

    await service.client.call('UpdateHardware', { hardware: { ...made, ...record('node7', 7) } });
    await first[Symbol.asyncDispose]();
    await using _second = await helloFromAll(boots);
    const after = await boots.explain({ machine: mac });
    expect(after).to.deep.include({ boots: true, changes: [] });
  });

  it("uses each service's own settings", async () => {
    await using service = await testHardware();
    await service.client.create(record('node7', 7));
    using boots = bootClient(service.running.address.port);
    await using _services = await helloFromAll(boots, {
      dhcp: { 'ipxe-chain': 'always', 'dhcp-http-ipxe-script-path': '/ipxe/script/auto.ipxe' },
      http: { 'http-ipxe-script-enabled': 'false' },
    });
    const { steps, changes } = await boots.explain({ machine: '10.77.0.7' });
    expect(steps.map(({ asks }) => asks)).to.include(`GET /ipxe/script/${mac}/auto.ipxe`);
    expect(changes).to.deep.equal(['Set http-ipxe-script-enabled=true for the http service.']);
  });

  it('assumes the defaults of services that never reported, and says so', async () => {
    await using service = await testHardware();
    await service.client.create(record('node7', 7));
    using boots = bootClient(service.running.address.port);
    const { boots: would, unknowns } = await boots.explain({ machine: mac });
    expect(would).to.equal(true);
    for (const name of ['dhcp', 'tftp', 'http'])
      expect(unknowns).to.include(`No ${name} service has reported: its defaults are assumed.`);
    expect(unknowns.join()).to.contain('x64 UEFI is assumed');
  });

  it('takes a machine for what it was heard as, and knows when that was', async () => {
    await using service = await testHardware();
    using boots = bootClient(service.running.address.port);
    const dhcp = new TestReporter(boots, 'dhcp');
    const [discover] = bootStory(mac, Date.now() - 60_000).dhcp;
    dhcp.tell({
      ...discover,
      outcome: 'NO',
      reason: 'unknown-machine',
      said: 'silent',
      details: { type: 'DISCOVER', client: 'HTTP Boot firmware', arch: 'ARM 64-bit UEFI HTTP' },
    });
    await dhcp.end();
    await until('it is stored', async () => (await boots.list()).summary?.lastEventId === 1);
    const { steps, changes } = await boots.explain({ machine: mac });
    expect(steps[0]).to.deep.include({
      asks: 'DISCOVER of HTTP Boot firmware, ARM 64-bit UEFI HTTP',
      reason: 'unknown-machine',
    });
    expect(steps[0]?.details?.detail).to.match(
      /^last heard of at 20\d\d-.*Z as HTTP Boot firmware, ARM 64-bit UEFI HTTP$/,
    );
    expect(changes[0]).to.contain(mac);
    const asked = await boots.explain({ machine: mac, firmware: 'pxe', arch: 'bios' });
    expect(asked.steps[0]?.asks).to.equal('DISCOVER of PXE firmware, x86 BIOS');
  });

  it('explains one stage alone', async () => {
    await using service = await testHardware();
    await service.client.create(record('node7', 7));
    using boots = bootClient(service.running.address.port);
    await using _services = await helloFromAll(boots, { artifacts: '' });
    const tftp = await boots.explain({ machine: mac, stage: 'TFTP' });
    expect(tftp.boots).to.equal(true);
    expect(tftp.steps.map(({ stage }) => stage)).to.deep.equal(['TFTP']);
    const http = await boots.explain({ machine: mac, stage: 'HTTP' });
    expect(http).to.deep.include({ boots: false });
    expect(http.changes).to.have.length(2);
  });

  it('does not hide behind a stage what stands in the way before it', async () => {
    await using service = await testHardware();
    const known = record('node7', 7);
    const [first] = known.interfaces ?? [];
    await service.client.create({ ...known, interfaces: [{ ...first, netboot: { allowPxe: false } }] });
    using boots = bootClient(service.running.address.port);
    await using _services = await helloFromAll(boots);
    const { boots: would, steps, changes } = await boots.explain({ machine: mac, stage: 'HTTP' });
    expect(would).to.equal(false);
    expect(steps[0]).to.include({ stage: 'DHCP', outcome: 'NO', reason: 'netboot-not-allowed' });
    expect(steps.slice(1).map(({ stage }) => stage))
      .to.include('HTTP')
      .and.not.include('TFTP');
    expect(changes).to.have.length(1);
  });

  it('asks of an ISO nothing that DHCP would have to answer', async () => {
    await using service = await testHardware();
    const known = record('node7', 7);
    const [first] = known.interfaces ?? [];
    const isoboot = { sourceIso: 'http://images.example/hook.iso' };
    await service.client.create({ ...known, interfaces: [{ ...first, disableDhcp: true, isoboot }] });
    using boots = bootClient(service.running.address.port);
    await using _services = await helloFromAll(boots, { http: { 'iso-enabled': 'true' } });
    const iso = await boots.explain({ machine: mac, stage: 'ISO' });
    expect(iso).to.deep.include({ boots: true, changes: [] });
    expect(iso.steps.map(({ asks }) => asks)).to.deep.equal([`GET /iso/${mac}/boot.iso`]);
    expect((await boots.explain({ machine: mac })).boots).to.equal(false);
  });

  it('names both records of which one is not served', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'rack.yaml');
    const node = (name: string, last: number, address: string) => `---
apiVersion: tinkerbell.org/v1alpha1
kind: Hardware
metadata: { name: ${name} }
spec:
  interfaces:
    - dhcp: { mac: "52:54:00:77:00:0${last}", ip: { address: ${address}, netmask: 255.255.0.0 } }
      netboot: { allowPXE: true }
`;
    await writeFile(
      path,
      node('first', 1, '10.77.0.1') + node('second', 2, '10.77.0.1') + node('third', 1, '10.77.0.3'),
    );
    await using service = await testHardware([
      ...['--backend=file', '--backend-file-path', path],
      ...['--backend-file-state-path', join(folder.path, 'state.db')],
    ]);
    using boots = bootClient(service.running.address.port);
    for (const machine of ['second', '52:54:00:77:00:02']) {
      const { boots: would, steps, changes } = await boots.explain({ machine });
      expect(would).to.equal(false);
      expect(steps[0]).to.deep.include({ outcome: 'NO', reason: 'record-left-out', said: 'silent' });
      expect(steps[0]?.details?.detail).to.match(
        /second.*10\.77\.0\.1 is taken by first \(rack\.yaml, line 2\)/,
      );
      expect(changes[0]).to.contain('second').and.to.contain('first');
    }
    expect((await boots.explain({ machine: 'third' })).steps[0]?.reason).to.equal('record-left-out');
    const served = await boots.explain({ machine: 'first' });
    expect(served.boots).to.equal(true);
    expect(served.unknowns.join()).to.contain('second').and.to.contain('third');
  });

  it('refuses what it does not understand', async () => {
    await using service = await testHardware();
    using boots = bootClient(service.running.address.port);
    expect(await refusal(boots.explain({}))).to.equal('invalid-argument');
    expect(await refusal(boots.explain({ machine: mac, arch: 'vax' }))).to.equal('invalid-argument');
    expect(await refusal(boots.explain({ machine: mac, firmware: 'floppy' }))).to.equal('invalid-argument');
    expect(await refusal(boots.explain({ machine: 'nobody' }))).to.equal('not-found');
    expect(await refusal(boots.explain({ machine: '10.77.9.9' }))).to.equal('not-found');
  });
});
