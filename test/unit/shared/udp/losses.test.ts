import { expect } from 'chai';
import { Registry } from 'prom-client';
import type { UdpSocket } from '#shared/udp/engine.ts';
import { lossCounter } from '#shared/udp/losses.ts';

function socketWith(droppedByKernel: number, sendErrors: number): UdpSocket {
  const stats = { received: 9, sent: 9, droppedByKernel, sendErrors, truncated: 0, handlerErrors: 0 };
  return {
    address: 0,
    port: 0,
    device: undefined,
    stats,
    send() {},
    hears: () => true,
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

describe('shared/udp/losses.ts', () => {
  it('sums what all sockets have lost until now, each time it is asked', async () => {
    const registry = new Registry();
    const observe = lossCounter(registry, 'tftp');
    const text = () => registry.getSingleMetricAsString('smee_tftp_datagrams_lost_total');
    expect(await text()).not.to.match(/how="kernel"\} [1-9]/);
    observe([socketWith(1, 5), socketWith(2, 0)]);
    for (const _twice of [1, 2])
      expect(await text())
        .to.include('{how="kernel"} 3')
        .and.include('{how="send"} 5');
  });
});
