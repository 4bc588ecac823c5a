import { fromHex } from '../bytes.ts';

/** Which span of which trace: what is begun because of it hangs itself in there (W3C Trace Context §3.2.2). */
export interface TraceContext {
  /** 32 hex digits, lower case, not all zero. */
  readonly traceId: string;
  /** 16 hex digits, lower case, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const zeros = /^0+$/;

/** `00-<trace id>-<span id>-<flags>`. Undefined for everything else, and for ids that are all zero: they say that there is no trace. */
export function parseTraceparent(text: string): TraceContext | undefined {
  const [, traceId, spanId, flags] = pattern.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || zeros.test(traceId) || zeros.test(spanId)) {
    return undefined;
  }
  return { traceId, spanId, sampled: (Number.parseInt(flags ?? '', 16) & 1) === 1 };
}

/** `00-<trace id>-<span id>-<flags>` */
export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${flagsOf(sampled)}`;
}

/** The same in 26 bytes, as Smee puts it into sub-option 69 of option 43: version, trace id (16), span id (8), flags. */
export function traceparentBytes({ traceId, spanId, sampled }: TraceContext): Uint8Array {
  return fromHex(`00${traceId}${spanId}${flagsOf(sampled)}`) ?? new Uint8Array(26);
}

function flagsOf(sampled: boolean): string {
  return sampled ? '01' : '00';
}
