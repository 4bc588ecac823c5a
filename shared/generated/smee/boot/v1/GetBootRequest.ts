// Original file: proto/smee/boot/v1/boot.proto

import type { Long } from '@grpc/proto-loader';

export interface GetBootRequest {
  'id'?: (number | string | Long);
  /**
   * A MAC in any usual form, a record's name, or an IPv4 address: its last boot.
   */
  'machine'?: (string);
  'key'?: "id"|"machine";
}

export interface GetBootRequest__Output {
  'id'?: (number);
  /**
   * A MAC in any usual form, a record's name, or an IPv4 address: its last boot.
   */
  'machine'?: (string);
  'key'?: "id"|"machine";
}
