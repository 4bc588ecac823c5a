// Original file: proto/smee/boot/v1/boot.proto


/**
 * Who reports, and by which settings it decides.
 */
export interface Hello {
  /**
   * dhcp, tftp, http or syslog.
   */
  'service'?: (string);
  /**
   * Tells replicas of one service apart: host name and process.
   */
  'instance'?: (string);
  /**
   * Its settings as they would be written, by flag (dhcp-mode: reservation). None that is secret.
   */
  'settings'?: ({[key: string]: string});
  /**
   * What it found on its host that its decisions depend on: loaders (names that are there), addresses, …
   */
  'facts'?: ({[key: string]: string});
}

/**
 * Who reports, and by which settings it decides.
 */
export interface Hello__Output {
  /**
   * dhcp, tftp, http or syslog.
   */
  'service'?: (string);
  /**
   * Tells replicas of one service apart: host name and process.
   */
  'instance'?: (string);
  /**
   * Its settings as they would be written, by flag (dhcp-mode: reservation). None that is secret.
   */
  'settings'?: ({[key: string]: string});
  /**
   * What it found on its host that its decisions depend on: loaders (names that are there), addresses, …
   */
  'facts'?: ({[key: string]: string});
}
