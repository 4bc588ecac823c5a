import { fileURLToPath } from 'node:url';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import type { ProtoGrpcType } from '../generated/hardware.ts';

export type {
  Hardware as HardwareInput,
  Hardware__Output as Hardware,
} from '../generated/smee/hardware/v1/Hardware.ts';

const protoFolder = fileURLToPath(new URL('../../proto/', import.meta.url));

/**
 * The contract as it is loaded everywhere. 64-bit values are JS numbers (revisions stay far below 2^53), enums are their
 * names, repeated fields are always arrays, and an absent field is `undefined`. The generated types are made with the same
 * options (`npm run generate:proto`).
 */
export const contract: PackageDefinition = loadSync('smee/hardware/v1/hardware.proto', {
  includeDirs: [protoFolder],
  longs: Number,
  enums: String,
  arrays: true,
  oneofs: true,
});

const types = loadPackageDefinition(contract) as unknown as ProtoGrpcType;

/** The client's constructor and the service's definition. */
export const HardwareService = types.smee.hardware.v1.HardwareService;
