// Original file: proto/smee/hardware/v1/hardware.proto


export interface Pxelinux {
  /**
   * Served as pxelinux.cfg/01-<mac>.
   */
  'config'?: (string);
}

export interface Pxelinux__Output {
  /**
   * Served as pxelinux.cfg/01-<mac>.
   */
  'config'?: (string);
}
