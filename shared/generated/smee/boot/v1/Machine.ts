// Original file: proto/smee/boot/v1/boot.proto


/**
 * The machine as far as an event knows it. All texts may come from the machine itself: whoever shows them escapes them.
 */
export interface Machine {
  /**
   * Lower-case, colons.
   */
  'mac'?: (string);
  /**
   * The record's name; empty for a stranger.
   */
  'name'?: (string);
  /**
   * DHCP option 97, with dashes.
   */
  'clientUuid'?: (string);
  /**
   * Where its packets come from, or the address that it was given.
   */
  'address'?: (string);
}

/**
 * The machine as far as an event knows it. All texts may come from the machine itself: whoever shows them escapes them.
 */
export interface Machine__Output {
  /**
   * Lower-case, colons.
   */
  'mac'?: (string);
  /**
   * The record's name; empty for a stranger.
   */
  'name'?: (string);
  /**
   * DHCP option 97, with dashes.
   */
  'clientUuid'?: (string);
  /**
   * Where its packets come from, or the address that it was given.
   */
  'address'?: (string);
}
