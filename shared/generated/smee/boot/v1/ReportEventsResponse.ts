// Original file: proto/smee/boot/v1/boot.proto

import type { Long } from '@grpc/proto-loader';

export interface ReportEventsResponse {
  'received'?: (number | string | Long);
}

export interface ReportEventsResponse__Output {
  'received'?: (number);
}
