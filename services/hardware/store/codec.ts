import { type Hardware, type HardwareInput, HardwareService } from '#shared/hardware/contract.ts';

const { responseSerialize, responseDeserialize } = HardwareService.service.GetHardware;

/** A record in the form in which it is kept and sent. */
export function encodeHardware(hardware: HardwareInput): Buffer {
  return responseSerialize(hardware);
}

export function decodeHardware(bytes: Uint8Array): Hardware {
  return responseDeserialize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
