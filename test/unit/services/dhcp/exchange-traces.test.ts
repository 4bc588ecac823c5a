import { expect } from 'chai';
import type { TraceContext } from '#shared/trace/context.ts';
import type { Tracing } from '#shared/trace/tracing.ts';
import { ExchangeTraces } from '../../../../services/dhcp/exchange-traces.ts';
import { mac, pxe, type RequestParts, request, stockIpxe } from '../../../support/dhcp-request.ts';
import { machine } from '../../../support/machines.ts';

/** Numbers traces and spans as they come. */
function numbered(): Tracing {
  let made = 0;
  return {
    begin: (_name, { parent } = {}) => {
      const id = String(++made);
      const context: TraceContext = { traceId: parent?.traceId ?? id, spanId: id, sampled: true };
      return { context, end: () => {} };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function traces() {
  const clock = { ms: 0 };
  const all = new ExchangeTraces(numbered(), () => clock.ms);
  /** The trace that an exchange belongs to, by the number of its first span. */
  const traceOf = (parts: RequestParts, record: ReturnType<typeof machine> | undefined = machine()) =>
    all.begin(request(parts), record)?.context.traceId;
  return { clock, all, traceOf };
}

const ask: RequestParts = { ...pxe, type: 'REQUEST' };

describe('services/dhcp/exchange-traces', () => {
  it('holds the exchanges of one boot in one trace: firmware, iPXE, the installed system', () => {
    const { clock, traceOf } = traces();
    const story = [pxe, ask, stockIpxe, { ...stockIpxe, type: 'REQUEST' } as const, {}].map((parts) => {
      clock.ms += 30_000;
      return traceOf(parts);
    });
    expect(story).to.deep.equal(['1', '1', '1', '1', '1']);
  });

  it('begins anew when the firmware speaks again after iPXE did: the machine was reset', () => {
    const { traceOf } = traces();
    expect([pxe, pxe, stockIpxe, pxe, ask].map((parts) => traceOf(parts))).to.deep.equal([
      '1',
      '1',
      '1',
      '4',
      '4',
    ]);
  });

  it('begins anew after two minutes of silence, and after a quarter of an hour', () => {
    const { clock, traceOf } = traces();
    expect(traceOf(pxe)).to.equal('1');
    clock.ms += 120_001;
    expect(traceOf(ask)).to.equal('2');
    let last: string | undefined;
    for (let times = 0; times < 10; times++) {
      clock.ms += 100_000;
      last = traceOf(ask);
    }
    expect(last).not.to.equal('2');
  });

  it('keeps machines apart, and forgets the oldest of ten thousand', () => {
    const { traceOf } = traces();
    const numberedMachine = (number: number) =>
      machine({ dhcp: { mac: mac(number.toString(16).padStart(12, '0')) } });
    expect(traceOf(pxe, numberedMachine(0))).to.equal('1');
    expect(traceOf(pxe, numberedMachine(1))).to.equal('2');
    expect(traceOf(ask, numberedMachine(0))).to.equal('1');
    for (let number = 2; number <= 10_000; number++) traceOf(pxe, numberedMachine(number));
    expect(traceOf(ask, numberedMachine(0))).not.to.equal('1');
    expect(traceOf(ask, numberedMachine(9000))).to.equal('9002');
  });

  it('gives strangers a limited number of spans, and remembers none of them', () => {
    const { clock, all } = traces();
    const stranger = () => all.begin(request(pxe), undefined)?.context.traceId;
    const first = Array.from({ length: 150 }, stranger);
    expect(first.filter((id) => id !== undefined)).to.have.length(100);
    expect(new Set(first.slice(0, 100)).size).to.equal(100);
    clock.ms += 1000;
    expect(Array.from({ length: 20 }, stranger).filter((id) => id !== undefined)).to.have.length(10);
  });
});
