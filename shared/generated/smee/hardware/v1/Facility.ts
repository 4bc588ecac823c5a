// Original file: proto/smee/hardware/v1/hardware.proto

import type { Struct as _google_protobuf_Struct, Struct__Output as _google_protobuf_Struct__Output } from '../../../google/protobuf/Struct.ts';

export interface Facility {
  /**
   * facility= on the kernel line; may carry console= arguments.
   */
  'facilityCode'?: (string);
  /**
   * The other fields of spec.metadata.facility, kept verbatim for export.
   */
  'other'?: (_google_protobuf_Struct | null);
}

export interface Facility__Output {
  /**
   * facility= on the kernel line; may carry console= arguments.
   */
  'facilityCode'?: (string);
  /**
   * The other fields of spec.metadata.facility, kept verbatim for export.
   */
  'other'?: (_google_protobuf_Struct__Output);
}
