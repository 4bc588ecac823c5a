import { MalformedError } from '#shared/errors.ts';

/** Where a value stands in the datagram, for the error that says what is wrong with it. */
export interface Place {
  /** `option 57` */
  readonly field: string;
  /** Bytes from the start of the datagram. */
  readonly offset: number;
}

export function malformed(place: Place, what: string): MalformedError {
  return new MalformedError(place.field, place.offset, what);
}
