import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import type { ProtoGrpcType } from '../generated/boot.ts';
import { loadOptions } from '../grpc/load.ts';

/** The contract of boot events, loaded as the one of the records is. */
export const bootContract: PackageDefinition = loadSync('smee/boot/v1/boot.proto', loadOptions);

const types = loadPackageDefinition(bootContract) as unknown as ProtoGrpcType;

/** The client's constructor and the service's definition. */
export const BootService = types.smee.boot.v1.BootService;
