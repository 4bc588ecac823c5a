// Original file: proto/smee/boot/v1/boot.proto

import type { _smee_boot_v1_Boot_State, _smee_boot_v1_Boot_State__Output } from '../../../smee/boot/v1/Boot.ts';

// Original file: proto/smee/boot/v1/boot.proto

/**
 * Machines that failed because they have no record, and for nothing else: where machines boot without records, one may fail for
 * another reason, as any other.
 */
export const _smee_boot_v1_ListBootsRequest_Unknown = {
  INCLUDED: 'INCLUDED',
  ONLY: 'ONLY',
  LEFT_OUT: 'LEFT_OUT',
} as const;

/**
 * Machines that failed because they have no record, and for nothing else: where machines boot without records, one may fail for
 * another reason, as any other.
 */
export type _smee_boot_v1_ListBootsRequest_Unknown =
  | 'INCLUDED'
  | 0
  | 'ONLY'
  | 1
  | 'LEFT_OUT'
  | 2

/**
 * Machines that failed because they have no record, and for nothing else: where machines boot without records, one may fail for
 * another reason, as any other.
 */
export type _smee_boot_v1_ListBootsRequest_Unknown__Output = typeof _smee_boot_v1_ListBootsRequest_Unknown[keyof typeof _smee_boot_v1_ListBootsRequest_Unknown]

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
  'unknown'?: (_smee_boot_v1_ListBootsRequest_Unknown);
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
  'unknown'?: (_smee_boot_v1_ListBootsRequest_Unknown__Output);
}
