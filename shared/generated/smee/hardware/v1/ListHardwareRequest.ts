// Original file: proto/smee/hardware/v1/hardware.proto


export interface ListHardwareRequest {
  /**
   * 1 to 1000; 0 means 100.
   */
  'pageSize'?: (number);
  /**
   * next_page_token of the page before; empty for the first.
   */
  'pageToken'?: (string);
}

export interface ListHardwareRequest__Output {
  /**
   * 1 to 1000; 0 means 100.
   */
  'pageSize'?: (number);
  /**
   * next_page_token of the page before; empty for the first.
   */
  'pageToken'?: (string);
}
