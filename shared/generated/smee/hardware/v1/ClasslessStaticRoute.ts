// Original file: proto/smee/hardware/v1/hardware.proto


export interface ClasslessStaticRoute {
  /**
   * CIDR: 10.20.0.0/16.
   */
  'destinationDescriptor'?: (string);
  'router'?: (string);
}

export interface ClasslessStaticRoute__Output {
  /**
   * CIDR: 10.20.0.0/16.
   */
  'destinationDescriptor'?: (string);
  'router'?: (string);
}
