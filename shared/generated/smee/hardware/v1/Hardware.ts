// Original file: proto/smee/hardware/v1/hardware.proto

import type { Metadata as _smee_hardware_v1_Metadata, Metadata__Output as _smee_hardware_v1_Metadata__Output } from '../../../smee/hardware/v1/Metadata.ts';
import type { Interface as _smee_hardware_v1_Interface, Interface__Output as _smee_hardware_v1_Interface__Output } from '../../../smee/hardware/v1/Interface.ts';
import type { Struct as _google_protobuf_Struct, Struct__Output as _google_protobuf_Struct__Output } from '../../../google/protobuf/Struct.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One machine: the fields of Tinkerbell's Hardware (tinkerbell.org/v1alpha1) that a network boot looks at, and the rest kept.
 */
export interface Hardware {
  /**
   * metadata.name; unique.
   */
  'name'?: (string);
  'labels'?: ({[key: string]: string});
  /**
   * Set by the store, rises with every change of any record. In a write: the revision the caller saw, or 0 for "any".
   */
  'revision'?: (number | string | Long);
  /**
   * spec.agentID; worker_id on the kernel line, else the MAC.
   */
  'agentId'?: (string);
  'metadata'?: (_smee_hardware_v1_Metadata | null);
  'interfaces'?: (_smee_hardware_v1_Interface)[];
  /**
   * metadata.namespace, metadata.annotations: kept for export, not looked at.
   */
  'namespace'?: (string);
  'annotations'?: ({[key: string]: string});
  /**
   * Fields of spec that no boot looks at (disks, resources, tinkVersion, …), kept verbatim for export.
   */
  'other'?: (_google_protobuf_Struct | null);
}

/**
 * One machine: the fields of Tinkerbell's Hardware (tinkerbell.org/v1alpha1) that a network boot looks at, and the rest kept.
 */
export interface Hardware__Output {
  /**
   * metadata.name; unique.
   */
  'name'?: (string);
  'labels'?: ({[key: string]: string});
  /**
   * Set by the store, rises with every change of any record. In a write: the revision the caller saw, or 0 for "any".
   */
  'revision'?: (number);
  /**
   * spec.agentID; worker_id on the kernel line, else the MAC.
   */
  'agentId'?: (string);
  'metadata'?: (_smee_hardware_v1_Metadata__Output);
  'interfaces': (_smee_hardware_v1_Interface__Output)[];
  /**
   * metadata.namespace, metadata.annotations: kept for export, not looked at.
   */
  'namespace'?: (string);
  'annotations'?: ({[key: string]: string});
  /**
   * Fields of spec that no boot looks at (disks, resources, tinkVersion, …), kept verbatim for export.
   */
  'other'?: (_google_protobuf_Struct__Output);
}
