import { expect } from 'chai';
import { SmeeError } from '#shared/errors.ts';
import { SocketHealth } from '#shared/udp/health.ts';
import { logSink } from '../../../support/log-sink.ts';
import { until } from '../../../support/until.ts';

describe('shared/udp/health.ts', () => {
  it('is not ready for a while after a socket failed, and says why', () => {
    let now = 0;
    const { log, lines } = logSink('test');
    const health = new SocketHealth(log, () => now);
    expect(health.readiness()).to.equal(undefined);
    health.onError(new SmeeError('EIO', 'receiving on 0.0.0.0:67 failed'));
    expect(health.readiness()).to.deep.equal({ ready: false, why: 'a UDP socket failed' });
    expect(lines[0]).to.include({ level: 'error', error: 'receiving on 0.0.0.0:67 failed' });
    now = 5001;
    expect(health.readiness()).to.equal(undefined);
  });

  it('is not ready while a socket does not hear, names it, and says so once', async () => {
    const { log, lines } = logSink('test');
    const health = new SocketHealth(log, () => 0);
    const socket = { address: 0, port: 67, device: 'br0', ears: true, hears: () => socket.ears };
    using _watch = health.watch([socket], 1);
    socket.ears = false;
    await until('it is not ready', () => health.readiness() !== undefined);
    expect(health.readiness()).to.deep.equal({ ready: false, why: 'does not hear on br0:67' });
    socket.ears = true;
    await until('it is ready again', () => health.readiness() === undefined);
    expect(lines.map(({ level, socket: name }) => [level, name])).to.deep.equal([
      ['error', 'br0:67'],
      ['info', 'br0:67'],
    ]);
  });

  it('stays ready when a handler throws, and writes few lines about many throws', () => {
    const { log, lines } = logSink('test');
    const health = new SocketHealth(log, () => 0);
    for (let count = 0; count < 1000; count++) health.onError(new TypeError('of one packet'));
    expect(health.readiness()).to.equal(undefined);
    expect(lines).to.have.length(10);
  });
});
