import { Client, credentials, status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { service as health } from 'grpc-health-check';
import { record, testHardware } from '../support/hardware-server.ts';
import { ReflectionClient } from '../support/reflection.ts';

const name = 'smee.hardware.v1.HardwareService';

describe('services/hardware/server.ts, for standard clients', () => {
  for (const version of ['v1', 'v1alpha'] as const) {
    it(`tells by reflection ${version} what it speaks, well enough to call it`, async () => {
      await using service = await testHardware();
      await service.client.create(record('a', 1));
      using reflection = new ReflectionClient(service.running.address.port, version);
      expect(await reflection.services()).to.include.members([name, 'grpc.health.v1.Health']);
      const types = await reflection.load(name);
      const found = await reflection.call(types, name, 'GetHardware', { mac: '52:54:00:77:00:01' });
      expect(found).to.include({ name: 'a', revision: 1 });
      expect(await reflection.load('smee.hardware.v1.Hardware')).to.have.property(
        'smee.hardware.v1.Hardware',
      );
    });
  }

  it('says by grpc.health.v1 that it serves', async () => {
    await using service = await testHardware();
    for (const asked of ['', name])
      expect(await check(service.running.address.port, asked)).to.equal('SERVING');
    const unknown = await check(service.running.address.port, 'other').catch(
      ({ code }: { code: number }) => code,
    );
    expect(unknown).to.equal(status.NOT_FOUND);
  });
});

/** grpc.health.v1.Health/Check */
async function check(port: number, service: string): Promise<string> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = health.check ?? health.Check!;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, (error, response) => {
    if (error === null) resolve((response as { status: string }).status);
    else reject(error);
  });
  return await promise.finally(() => client.close());
}
