// Original file: proto/smee/hardware/v1/hardware.proto


export interface IpAddress {
  /**
   * yiaddr. Unique over all records.
   */
  'address'?: (string);
  /**
   * Option 1.
   */
  'netmask'?: (string);
  /**
   * Option 3.
   */
  'gateway'?: (string);
  /**
   * 4 or absent.
   */
  'family'?: (number);
  '_family'?: "family";
}

export interface IpAddress__Output {
  /**
   * yiaddr. Unique over all records.
   */
  'address'?: (string);
  /**
   * Option 1.
   */
  'netmask'?: (string);
  /**
   * Option 3.
   */
  'gateway'?: (string);
  /**
   * 4 or absent.
   */
  'family'?: (number);
  '_family'?: "family";
}
