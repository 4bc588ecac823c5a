// Original file: proto/smee/hardware/v1/hardware.proto


/**
 * The ISO that /iso/<mac>/ patches and serves.
 */
export interface Isoboot {
  'sourceIso'?: (string);
}

/**
 * The ISO that /iso/<mac>/ patches and serves.
 */
export interface Isoboot__Output {
  'sourceIso'?: (string);
}
