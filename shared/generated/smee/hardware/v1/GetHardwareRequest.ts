// Original file: proto/smee/hardware/v1/hardware.proto


export interface GetHardwareRequest {
  'name'?: (string);
  'mac'?: (string);
  'ip'?: (string);
  'agentId'?: (string);
  'key'?: "name"|"mac"|"ip"|"agentId";
}

export interface GetHardwareRequest__Output {
  'name'?: (string);
  'mac'?: (string);
  'ip'?: (string);
  'agentId'?: (string);
  'key'?: "name"|"mac"|"ip"|"agentId";
}
