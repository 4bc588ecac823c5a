// Original file: proto/smee/hardware/v1/hardware.proto


export interface DeleteHardwareResponse {
}

export interface DeleteHardwareResponse__Output {
}
