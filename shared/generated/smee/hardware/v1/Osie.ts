// Original file: proto/smee/hardware/v1/hardware.proto


/**
 * The in-memory operating system (Hook).
 */
export interface Osie {
  /**
   * Beats SMEE_OSIE_URL.
   */
  'baseUrl'?: (string);
  'kernel'?: (string);
  'initrd'?: (string);
  'kernelParams'?: (string)[];
}

/**
 * The in-memory operating system (Hook).
 */
export interface Osie__Output {
  /**
   * Beats SMEE_OSIE_URL.
   */
  'baseUrl'?: (string);
  'kernel'?: (string);
  'initrd'?: (string);
  'kernelParams': (string)[];
}
