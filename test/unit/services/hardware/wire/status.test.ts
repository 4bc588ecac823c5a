import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { codes, encodeStatus } from '../../../../../services/hardware/wire/status.ts';
import { readStatus } from '../../../../support/rpc-status.ts';

describe('services/hardware/wire/status.ts', () => {
  it('numbers its codes as gRPC does', () => {
    for (const [name, code] of Object.entries(codes)) expect(status[code], name).to.equal(name);
  });

  it('writes a status without details', () => {
    expect(readStatus(encodeStatus({ code: 'NOT_FOUND', message: 'nö' }))).to.deep.equal({
      code: status.NOT_FOUND,
      message: 'nö',
      details: [],
    });
  });

  it('writes violations as one google.rpc.BadRequest', () => {
    const violations = [
      { field: 'hardware.name', description: 'is required' },
      { field: 'hardware.interfaces[0].dhcp.mac', description: 'x'.repeat(300) },
    ];
    expect(
      readStatus(encodeStatus({ code: 'INVALID_ARGUMENT', message: 'm', violations })).details,
    ).to.deep.equal([{ type: 'google.rpc.BadRequest', value: { fieldViolations: violations } }]);
  });

  it('writes each resource as a google.rpc.ResourceInfo', () => {
    const resources = [{ name: 'a', description: 'has it' }];
    expect(
      readStatus(encodeStatus({ code: 'ALREADY_EXISTS', message: 'm', resources })).details,
    ).to.deep.equal([
      {
        type: 'google.rpc.ResourceInfo',
        value: {
          resourceType: 'smee.hardware.v1.Hardware',
          resourceName: 'a',
          owner: '',
          description: 'has it',
        },
      },
    ]);
  });
});
