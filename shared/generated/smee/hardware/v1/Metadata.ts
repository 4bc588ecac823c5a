// Original file: proto/smee/hardware/v1/hardware.proto

import type { Facility as _smee_hardware_v1_Facility, Facility__Output as _smee_hardware_v1_Facility__Output } from '../../../smee/hardware/v1/Facility.ts';
import type { Struct as _google_protobuf_Struct, Struct__Output as _google_protobuf_Struct__Output } from '../../../google/protobuf/Struct.ts';

export interface Metadata {
  'facility'?: (_smee_hardware_v1_Facility | null);
  /**
   * The other fields of spec.metadata, kept verbatim for export.
   */
  'other'?: (_google_protobuf_Struct | null);
}

export interface Metadata__Output {
  'facility'?: (_smee_hardware_v1_Facility__Output);
  /**
   * The other fields of spec.metadata, kept verbatim for export.
   */
  'other'?: (_google_protobuf_Struct__Output);
}
