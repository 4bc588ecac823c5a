// Original file: proto/smee/boot/v1/boot.proto

import type { Long } from '@grpc/proto-loader';

export interface WatchEventsRequest {
  /**
   * A MAC, a record's name or an IPv4 address; empty for all machines.
   */
  'machine'?: (string);
  /**
   * Events after this one first; 0: only what happens from now on.
   */
  'afterId'?: (number | string | Long);
  /**
   * Where after_id is 0: events that happened since about then first; 0: none.
   */
  'sinceUnixMilli'?: (number | string | Long);
}

export interface WatchEventsRequest__Output {
  /**
   * A MAC, a record's name or an IPv4 address; empty for all machines.
   */
  'machine'?: (string);
  /**
   * Events after this one first; 0: only what happens from now on.
   */
  'afterId'?: (number);
  /**
   * Where after_id is 0: events that happened since about then first; 0: none.
   */
  'sinceUnixMilli'?: (number);
}
