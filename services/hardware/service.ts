import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { WatchHardwareRequest__Output } from '#shared/generated/smee/hardware/v1/WatchHardwareRequest.ts';
import { HardwareService } from '#shared/hardware/contract.ts';
import { encoded, unary, watch } from './calls.ts';
import { getHardware, listHardware } from './handlers/read.ts';
import { watchHardware } from './handlers/watch.ts';
import { applyHardware, createHardware, deleteHardware, updateHardware } from './handlers/write.ts';
import type { Handling } from './handling.ts';

/** The contract of the records. */
export const hardwareService = encoded(HardwareService.service);

/** Its handlers as gRPC calls them. */
export function hardwareCalls(handling: Handling): UntypedServiceImplementation {
  const open = handling.metrics.watchers;
  const from = ({ sinceRevision }: WatchHardwareRequest__Output) => ({ sinceRevision });
  return {
    GetHardware: unary(handling, getHardware),
    ListHardware: unary(handling, listHardware),
    WatchHardware: watch(handling, { open, from }, watchHardware),
    CreateHardware: unary(handling, createHardware),
    UpdateHardware: unary(handling, updateHardware),
    DeleteHardware: unary(handling, deleteHardware),
    ApplyHardware: unary(handling, applyHardware),
  };
}
