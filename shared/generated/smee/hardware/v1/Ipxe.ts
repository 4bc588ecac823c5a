// Original file: proto/smee/hardware/v1/hardware.proto


export interface Ipxe {
  /**
   * The machine's own script: chained to by DHCP and by our script.
   */
  'url'?: (string);
  /**
   * The machine's own script, in full.
   */
  'contents'?: (string);
  /**
   * The machine's own loader: overrides the architecture map.
   */
  'binary'?: (string);
}

export interface Ipxe__Output {
  /**
   * The machine's own script: chained to by DHCP and by our script.
   */
  'url'?: (string);
  /**
   * The machine's own script, in full.
   */
  'contents'?: (string);
  /**
   * The machine's own loader: overrides the architecture map.
   */
  'binary'?: (string);
}
