import { expect } from 'chai';
import { Counter, Registry } from 'prom-client';
import { type Readiness, startOps } from '#shared/ops.ts';

const anyPort = { host: '127.0.0.1', port: 0 };

async function opsOf(ready: () => Readiness) {
  const metrics = new Registry();
  new Counter({ name: 'smee_test_total', help: 'A test', registers: [metrics] }).inc(3);
  const ops = await startOps(anyPort, { metrics, ready });
  const get = (path: string, init?: RequestInit) =>
    fetch(`http://127.0.0.1:${ops.address.port}${path}`, init);
  return { ops, get };
}

describe('shared/ops.ts', () => {
  it('is alive, and ready only once it can do its work', async () => {
    let state: Readiness = { ready: false, why: 'no hardware records yet' };
    const { ops, get } = await opsOf(() => state);
    await using _ = ops;
    expect((await get('/healthz')).status).to.equal(200);
    const before = await get('/readyz');
    expect(before.status).to.equal(503);
    expect(await before.json()).to.deep.equal({ ready: false, why: 'no hardware records yet' });
    state = { ready: true };
    expect((await get('/readyz')).status).to.equal(200);
  });

  it('shows its metrics to Prometheus', async () => {
    const { ops, get } = await opsOf(() => ({ ready: true }));
    await using _ = ops;
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).to.match(/^text\/plain/);
    expect(await response.text()).to.include('smee_test_total 3');
    expect((await get('/metrics', { method: 'POST' })).status).to.equal(404);
  });

  it('rejects when the address is taken', async () => {
    const { ops } = await opsOf(() => ({ ready: true }));
    await using _ = ops;
    const error = await startOps(ops.address, {
      metrics: new Registry(),
      ready: () => ({ ready: true }),
    }).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'EADDRINUSE');
  });
});
