import { expect } from 'chai';
import { toHex } from '#shared/bytes.ts';
import { formatTraceparent, parseTraceparent, traceparentBytes } from '#shared/trace/context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('shared/trace/context', () => {
  for (const [flags, sampled] of [
    ['01', true],
    ['00', false],
  ] as const) {
    it(`reads and writes flags ${flags}, as text and in 26 bytes`, () => {
      const text = `00-${traceId}-${spanId}-${flags}`;
      expect(parseTraceparent(text)).to.deep.equal({ traceId, spanId, sampled });
      expect(formatTraceparent({ traceId, spanId, sampled })).to.equal(text);
      expect(toHex(traceparentBytes({ traceId, spanId, sampled }))).to.equal(text.replaceAll('-', ''));
    });
  }

  for (const [what, text] of [
    ['nothing', ''],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a span id of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['capital letters', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['another version', `ff-${traceId}-${spanId}-01`],
    ['something behind', `00-${traceId}-${spanId}-01-x`],
  ] as const) {
    it(`is no context: ${what}`, () => expect(parseTraceparent(text)).to.equal(undefined));
  }
});
