// Original file: proto/smee/hardware/v1/hardware.proto


/**
 * Raspberry Pi: its firmware asks for <serial_num>/… over TFTP.
 */
export interface Rpi {
  'serialNum'?: (string);
  /**
   * Where its firmware lies below the asset folder.
   */
  'firmwarePath'?: (string);
  /**
   * Served as <serial_num>/config.txt.
   */
  'configTxt'?: (string);
}

/**
 * Raspberry Pi: its firmware asks for <serial_num>/… over TFTP.
 */
export interface Rpi__Output {
  'serialNum'?: (string);
  /**
   * Where its firmware lies below the asset folder.
   */
  'firmwarePath'?: (string);
  /**
   * Served as <serial_num>/config.txt.
   */
  'configTxt'?: (string);
}
