// Original file: proto/smee/boot/v1/boot.proto

import type { _smee_boot_v1_Boot_State, _smee_boot_v1_Boot_State__Output } from '../../../smee/boot/v1/Boot.ts';

export interface ListBootsRequest {
  /**
   * 1 to 1000; 0 means 100.
   */
  'pageSize'?: (number);
  'pageToken'?: (string);
  /**
   * Only those in one of these states.
   */
  'states'?: (_smee_boot_v1_Boot_State)[];
  /**
   * Only those whose MAC, name, address, client UUID, reason or detail contains this.
   */
  'search'?: (string);
  /**
   * Only each machine's last one.
   */
  'latest'?: (boolean);
  /**
   * Only machines without a record.
   */
  'strangers'?: (boolean);
}

export interface ListBootsRequest__Output {
  /**
   * 1 to 1000; 0 means 100.
   */
  'pageSize'?: (number);
  'pageToken'?: (string);
  /**
   * Only those in one of these states.
   */
  'states': (_smee_boot_v1_Boot_State__Output)[];
  /**
   * Only those whose MAC, name, address, client UUID, reason or detail contains this.
   */
  'search'?: (string);
  /**
   * Only each machine's last one.
   */
  'latest'?: (boolean);
  /**
   * Only machines without a record.
   */
  'strangers'?: (boolean);
}
