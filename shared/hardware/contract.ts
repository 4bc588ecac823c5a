import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import type { ProtoGrpcType } from '../generated/hardware.ts';
import { loadOptions } from '../grpc/load.ts';

export type {
  Hardware as HardwareInput,
  Hardware__Output as Hardware,
} from '../generated/smee/hardware/v1/Hardware.ts';

/** The contract as it is loaded everywhere. */
export const contract: PackageDefinition = loadSync('smee/hardware/v1/hardware.proto', loadOptions);

const types = loadPackageDefinition(contract) as unknown as ProtoGrpcType;

/** The client's constructor and the service's definition. */
export const HardwareService = types.smee.hardware.v1.HardwareService;
