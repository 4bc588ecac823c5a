import { expect } from 'chai';
import fc from 'fast-check';
import { MalformedError } from '#shared/errors.ts';

/** Reads any bytes, and a message with one byte changed or cut off anywhere: whatever is refused is refused as malformed. */
export function refusesOnlyMalformed(whole: Buffer, read: (bytes: Buffer) => unknown): void {
  const property = fc.property(
    fc.uint8Array({ maxLength: 60 }),
    fc.nat(whole.length - 1),
    fc.nat(255),
    (any, at, byte) => {
      const changed = Buffer.from(whole);
      changed[at] = byte;
      for (const bytes of [Buffer.from(any), changed, whole.subarray(0, at)]) {
        try {
          read(bytes);
        } catch (error) {
          expect(error).to.be.instanceOf(MalformedError);
        }
      }
    },
  );
  fc.assert(property, { numRuns: 3000 });
}
