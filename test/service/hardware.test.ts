import { type StatusObject, status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { BootService } from '#shared/events/contract.ts';
import { HardwareService } from '#shared/hardware/contract.ts';
import { record, testHardware } from '../support/hardware-server.ts';
import { statusDetails, violatedFields } from '../support/rpc-status.ts';

describe('services/hardware/server.ts', () => {
  it('creates a record, canonical and with its revision, and finds it by each key', async () => {
    await using service = await testHardware();
    const { client } = service;
    const sent = record('a', 7, { agentId: 'agent-a' });
    sent.interfaces![0]!.dhcp!.mac = '5254.0077.0007';
    const created = await client.create(sent);
    expect(created).to.include({ name: 'a', revision: 1 });
    expect(created.interfaces[0]?.dhcp?.mac).to.equal('52:54:00:77:00:07');
    for (const key of [
      { name: 'a' },
      { mac: '52-54-00-77-00-07' },
      { ip: '10.77.0.7' },
      { agentId: 'agent-a' },
    ])
      expect(await client.call('GetHardware', key), JSON.stringify(key)).to.deep.equal(created);
  });

  it('does not find what is not there', async () => {
    await using service = await testHardware();
    for (const key of [{ name: 'a' }, { mac: '52:54:00:77:00:07' }, { ip: '10.77.0.7' }, { agentId: 'x' }])
      expect(await service.client.refusal('GetHardware', key)).to.include({ code: status.NOT_FOUND });
  });

  const wrongKeys = [
    { of: 'no key', request: {}, field: 'key' },
    { of: 'an empty name', request: { name: '' }, field: 'name' },
    { of: 'an empty agent id', request: { agentId: '' }, field: 'agent_id' },
    { of: 'half a MAC', request: { mac: '52:54' }, field: 'mac' },
    { of: 'an IPv6 address', request: { ip: '::1' }, field: 'ip' },
    { of: 'a name of 4 000 bytes', request: { name: 'x'.repeat(4000) }, field: 'name' },
  ];
  for (const { of, request, field } of wrongKeys) {
    it(`refuses to look for ${of}`, async () => {
      await using service = await testHardware();
      const error = await service.client.refusal('GetHardware', request);
      expect(error.code).to.equal(status.INVALID_ARGUMENT);
      expect(violatedFields(error)).to.deep.equal([field]);
    });
  }

  const { GetBoot, WatchEvents } = BootService.service;
  for (const method of [...Object.values(HardwareService.service), GetBoot, WatchEvents]) {
    it(`says INVALID_ARGUMENT to bytes that are no request of ${method.path}`, async () => {
      await using service = await testHardware();
      const { promise, resolve } = Promise.withResolvers<StatusObject>();
      const asItIs = (bytes: Buffer) => bytes;
      // Wire type 7, which there is not.
      const request = Buffer.of(0x0f);
      const { raw } = service.client;
      const call = method.responseStream
        ? raw.makeServerStreamRequest(method.path, asItIs, asItIs, request)
        : raw.makeUnaryRequest(method.path, asItIs, asItIs, request, () => undefined);
      call.on('error', () => undefined);
      call.on('data', () => undefined);
      call.on('status', resolve);
      expect(await promise).to.include({ code: status.INVALID_ARGUMENT });
      const rpc = method.path.slice(1);
      expect(await service.metrics.metrics()).to.include(
        `smee_hardware_calls_total{rpc="${rpc}",code="INVALID_ARGUMENT"} 1`,
      );
    });
  }

  it('does not guess which of two records with the same agent id is meant', async () => {
    await using service = await testHardware();
    for (const [at, name] of ['a', 'b'].entries())
      await service.client.create(record(name, at, { agentId: 'twin' }));
    const error = await service.client.refusal('GetHardware', { agentId: 'twin' });
    expect(error.code).to.equal(status.FAILED_PRECONDITION);
    expect(error.details).to.contain('a, b');
  });

  it('names every violation of a record at once, and writes nothing', async () => {
    await using service = await testHardware();
    const { client } = service;
    const hardware = {
      name: 'Not A Name',
      interfaces: [
        { dhcp: { mac: '52:54:00:77:00:01', ip: { netmask: '255.0.255.0', family: 6 } } },
        {
          dhcp: { mac: 'nonsense', nameServers: ['1.1.1.1', 'dns'] },
          netboot: { ipxe: { url: 'ftp://x/' } },
        },
      ],
    };
    for (const rpc of ['CreateHardware', 'UpdateHardware', 'ApplyHardware'] as const) {
      const error = await client.refusal(rpc, { hardware });
      expect(error.code, rpc).to.equal(status.INVALID_ARGUMENT);
      expect(violatedFields(error), rpc).to.deep.equal([
        'hardware.name',
        'hardware.interfaces[0].dhcp.ip.netmask',
        'hardware.interfaces[0].dhcp.ip.family',
        'hardware.interfaces[1].dhcp.mac',
        'hardware.interfaces[1].dhcp.name_servers[1]',
        'hardware.interfaces[1].netboot.ipxe.url',
      ]);
      expect(statusDetails(error)).to.include({ code: status.INVALID_ARGUMENT, message: error.details });
    }
    expect((await client.call('ListHardware', {})).hardware).to.deep.equal([]);
  });

  it('survives a record with thousands of violations, and says how many', async () => {
    await using service = await testHardware();
    const interfaces = Array.from({ length: 250 }, () => ({
      dhcp: { mac: 'x', hostname: '!', nameServers: Array.from({ length: 60 }, () => 'x'.repeat(100)) },
    }));
    const error = await service.client.refusal('ApplyHardware', { hardware: { name: 'a', interfaces } });
    expect(error.code).to.equal(status.INVALID_ARGUMENT);
    const { value } = statusDetails(error).details[0]!;
    const last = (value.fieldViolations as { description: string }[]).at(-1);
    expect(last?.description).to.match(/^has 15\d\d\d more violations/);
  });

  it('refuses a request without a record', async () => {
    await using service = await testHardware();
    for (const rpc of ['CreateHardware', 'UpdateHardware', 'ApplyHardware'] as const)
      expect(violatedFields(await service.client.refusal(rpc, {})), rpc).to.deep.equal(['hardware']);
  });

  it('refuses a record that is too large for a message, or nested without end', async () => {
    await using service = await testHardware();
    let deep: object = { stringValue: 'x' };
    for (let level = 0; level < 40; level++) deep = { listValue: { values: [deep] } };
    const nested = { ...record('a', 1), other: { fields: { deep } } };
    expect(violatedFields(await service.client.refusal('ApplyHardware', { hardware: nested }))).to.deep.equal(
      ['hardware.other'],
    );
    const large = { ...record('a', 1), other: { fields: { x: { stringValue: 'x'.repeat(2_000_000) } } } };
    expect(violatedFields(await service.client.refusal('ApplyHardware', { hardware: large }))).to.deep.equal([
      'hardware',
    ]);
    for (let level = 0; level < 2000; level++) deep = { listValue: { values: [deep] } };
    const bottomless = { ...record('a', 1), other: { fields: { deep } } };
    expect((await service.client.refusal('ApplyHardware', { hardware: bottomless })).code).to.not.equal(
      status.OK,
    );
    expect(await service.client.create(record('a', 1))).to.include({ revision: 1 });
  });

  it('names the record that has a name, a MAC or an address already', async () => {
    await using service = await testHardware();
    const { client } = service;
    await client.create(record('first', 1));
    const name = await client.refusal('CreateHardware', { hardware: record('first', 2) });
    const both = await client.refusal('ApplyHardware', { hardware: record('second', 1) });
    expect([name.code, both.code]).to.deep.equal([status.ALREADY_EXISTS, status.ALREADY_EXISTS]);
    expect(name.details).to.equal('hardware.name first is taken by hardware "first"');
    expect(statusDetails(both).details.map(({ type, value }) => [type, value.resourceName])).to.deep.equal([
      ['google.rpc.ResourceInfo', 'first'],
      ['google.rpc.ResourceInfo', 'first'],
    ]);
    expect(both.details).to.contain('52:54:00:77:00:01').and.to.contain('10.77.0.1');
  });

  it('updates what the caller has seen, and refuses what has changed since', async () => {
    await using service = await testHardware();
    const { client } = service;
    await client.create(record('a', 1));
    const updated = await client.call('UpdateHardware', { hardware: record('a', 2, { revision: 1 }) });
    expect(updated.revision).to.equal(2);
    expect(await client.call('UpdateHardware', { hardware: record('a', 3) })).to.include({ revision: 3 });
    for (const rpc of ['UpdateHardware', 'ApplyHardware'] as const)
      expect((await client.refusal(rpc, { hardware: record('a', 4, { revision: 1 }) })).code, rpc).to.equal(
        status.ABORTED,
      );
    expect((await client.refusal('DeleteHardware', { name: 'a', revision: 1 })).code).to.equal(
      status.ABORTED,
    );
  });

  it('does not update or delete what is not there, nor create what claims to be', async () => {
    await using service = await testHardware();
    const { client } = service;
    expect((await client.refusal('UpdateHardware', { hardware: record('a', 1) })).code).to.equal(
      status.NOT_FOUND,
    );
    expect((await client.refusal('DeleteHardware', { name: 'a' })).code).to.equal(status.NOT_FOUND);
    expect(violatedFields(await client.refusal('DeleteHardware', {}))).to.deep.equal(['name']);
    const claimed = await client.refusal('CreateHardware', { hardware: record('a', 1, { revision: 3 }) });
    expect(violatedFields(claimed)).to.deep.equal(['hardware.revision']);
  });

  it('applies: creates, updates, and leaves alone what is the same', async () => {
    await using service = await testHardware();
    const { client } = service;
    const apply = async (index: number) => {
      const { created = false, hardware } = await client.call('ApplyHardware', {
        hardware: record('a', index),
      });
      return { created, revision: hardware?.revision };
    };
    expect(await apply(1)).to.deep.equal({ created: true, revision: 1 });
    expect(await apply(1)).to.deep.equal({ created: false, revision: 1 });
    expect(await apply(2)).to.deep.equal({ created: false, revision: 2 });
  });

  it('deletes, and the address is free again', async () => {
    await using service = await testHardware();
    const { client } = service;
    const { revision } = await client.create(record('a', 1));
    expect(await client.call('DeleteHardware', { name: 'a', revision })).to.deep.equal({});
    expect((await client.refusal('GetHardware', { name: 'a' })).code).to.equal(status.NOT_FOUND);
    expect(await client.create(record('b', 1))).to.include({ revision: 3 });
  });

  it('lists in pages by name, and a page stays valid while records come and go', async () => {
    await using service = await testHardware();
    const { client } = service;
    for (const [at, name] of ['c', 'a', 'e', 'b', 'd'].entries()) await client.create(record(name, at));
    const first = await client.call('ListHardware', { pageSize: 2 });
    expect(first.hardware.map(({ name }) => name)).to.deep.equal(['a', 'b']);
    expect(first.revision).to.equal(5);
    await client.call('DeleteHardware', { name: 'b' });
    const second = await client.call('ListHardware', { pageSize: 2, pageToken: first.nextPageToken! });
    expect(second.hardware.map(({ name }) => name)).to.deep.equal(['c', 'd']);
    const third = await client.call('ListHardware', { pageSize: 2, pageToken: second.nextPageToken! });
    expect(third.hardware.map(({ name }) => name)).to.deep.equal(['e']);
    expect(third.nextPageToken ?? '').to.equal('');
  });

  it('ends a page before it is too large for a message', async () => {
    await using service = await testHardware();
    const { client } = service;
    const other = { fields: { x: { stringValue: 'x'.repeat(700_000) } } };
    for (let at = 0; at < 6; at++) await client.create(record(`n${at}`, at, { other }));
    const names: (string | undefined)[] = [];
    let pageToken = '';
    do {
      const page = await client.call('ListHardware', { pageSize: 1000, pageToken });
      names.push(...page.hardware.map(({ name }) => name));
      pageToken = page.nextPageToken ?? '';
    } while (pageToken !== '');
    expect(names).to.deep.equal(['n0', 'n1', 'n2', 'n3', 'n4', 'n5']);
    await client.watch().synced();
  });

  it('refuses a page of 1 001 and a token of its own making', async () => {
    await using service = await testHardware();
    const error = await service.client.refusal('ListHardware', { pageSize: 1001, pageToken: 'zz' });
    expect(error.code).to.equal(status.INVALID_ARGUMENT);
    expect(violatedFields(error)).to.deep.equal(['page_size', 'page_token']);
  });

  it('logs one line per write, with who and what but nothing of the record', async () => {
    await using service = await testHardware();
    const hardware = record('a', 1);
    hardware.interfaces![0]!.netboot!.osie = { kernelParams: ['registry_password=secret'] };
    await service.client.create(hardware);
    await service.client.call('GetHardware', { name: 'a' });
    const lines = service.logLines.filter(({ name }) => name === 'a');
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ level: 'info', msg: 'hardware created', revision: 1 });
    expect(lines[0]?.peer).to.match(/^127\.0\.0\.1:\d+$/);
    expect(JSON.stringify(service.logLines)).to.not.contain('secret');
  });

  it('is ready, and counts calls, records and watchers', async () => {
    await using service = await testHardware();
    const { client, running } = service;
    const ops = `http://127.0.0.1:${running.opsAddress.port}`;
    await client.create(record('a', 1));
    await client.refusal('GetHardware', { name: 'b' });
    await client.watch().synced();
    expect((await fetch(`${ops}/readyz`)).status).to.equal(200);
    const text = await (await fetch(`${ops}/metrics`)).text();
    for (const line of [
      'smee_hardware_revision 1',
      'smee_hardware_records 1',
      'smee_hardware_watchers 1',
      'smee_hardware_calls_total{rpc="smee.hardware.v1.HardwareService/CreateHardware",code="OK"} 1',
      'smee_hardware_calls_total{rpc="smee.hardware.v1.HardwareService/GetHardware",code="NOT_FOUND"} 1',
    ])
      expect(text).to.contain(line);
  });

  it('says that its port is taken', async () => {
    await using service = await testHardware();
    const taken = `127.0.0.1:${service.running.address.port}`;
    const failed = await testHardware(['--hardware-bind', taken]).catch((error: unknown) => error);
    expect(failed)
      .to.include({ code: 'bind' })
      .and.to.be.an('error')
      .with.property('message')
      .that.contains(taken);
  });
});
