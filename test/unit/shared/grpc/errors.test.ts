import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { UnavailableError } from '#shared/errors.ts';
import { HardwareCallError, orUndefined, toError } from '#shared/grpc/errors.ts';
import { clientSettings } from '#shared/grpc/settings.ts';
import { connectHardware } from '#shared/hardware/client.ts';
import { freePort } from '../../../support/free-port.ts';

function serviceError(code: status, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

describe('shared/grpc/errors.ts', () => {
  for (const code of ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED'] as const) {
    it(`takes ${code} for a service that does not answer`, () => {
      const error = toError(serviceError(status[code], 'gone'), 'provisioner:50051');
      expect(error).to.be.instanceOf(UnavailableError);
      expect(error.message).to.equal('the hardware service at provisioner:50051 does not answer: gone');
    });
  }

  it('says of a port at which nobody listens what the system said, and nothing after it', async () => {
    const port = await freePort();
    const settings = readSettings(clientSettings, {
      env: {},
      args: ['--hardware-addr', `127.0.0.1:${port}`],
    });
    using client = connectHardware(settings);
    const error: Error = await client.get({ name: 'rack1' }).then(
      () => expect.fail('somebody answered'),
      (refused: Error) => refused,
    );
    expect(error.message).to.match(/does not answer: .*ECONNREFUSED/);
    expect(error.message).not.to.match(/note|[\s.:]$/);
  });

  it('gives every other status its name', () => {
    const error = toError(serviceError(status.INVALID_ARGUMENT, 'must be a MAC'), 'x');
    expect(error).to.be.instanceOf(HardwareCallError);
    expect(error).to.include({ code: 'invalid-argument', message: 'must be a MAC' });
  });

  it('makes not found a value, and nothing else', async () => {
    const failing = (code: status) => Promise.reject(toError(serviceError(code, ''), 'x'));
    expect(await orUndefined(failing(status.NOT_FOUND))).to.equal(undefined);
    expect(await orUndefined(Promise.resolve(1))).to.equal(1);
    const other = await orUndefined(failing(status.ABORTED)).catch((error: unknown) => error);
    expect(other).to.include({ code: 'aborted' });
  });
});
