import { fileURLToPath } from 'node:url';
import type { Options } from '@grpc/proto-loader';

/**
 * How every contract is loaded. 64-bit values are JS numbers (they stay far below 2^53), enums are their names, repeated
 * fields are always arrays, and an absent field is `undefined`. The generated types are made with the same options
 * (`npm run generate:proto`).
 */
export const loadOptions: Options = {
  includeDirs: [fileURLToPath(new URL('../../proto/', import.meta.url))],
  longs: Number,
  enums: String,
  arrays: true,
  oneofs: true,
};
