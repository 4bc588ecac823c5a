import { type Hardware, type HardwareInput, HardwareService } from '#shared/hardware/contract.ts';

/** What the other side of the wire gets: through protobuf and back. */
export function throughTheWire(hardware: HardwareInput): Hardware {
  const { requestSerialize, requestDeserialize } = HardwareService.service.ApplyHardware;
  return requestDeserialize(requestSerialize({ hardware })).hardware!;
}
