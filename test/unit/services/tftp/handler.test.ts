import { expect } from 'chai';
import { readSettings } from '#shared/config.ts';
import { createMetrics } from '#shared/metrics.ts';
import { tftpSettings } from '../../../../services/tftp/config.ts';
import { FileCache } from '../../../../services/tftp/file-cache.ts';
import { TftpHandler } from '../../../../services/tftp/handler.ts';
import { tftpMetrics } from '../../../../services/tftp/metrics.ts';
import { encode } from '../../../../services/tftp/wire/packet.ts';
import { logSink } from '../../../support/log-sink.ts';
import { emptyMachines } from '../../../support/machines.ts';

describe('services/tftp/handler', () => {
  it('opens one file at a time for a peer, whatever it asks for meanwhile', async () => {
    const { promise: names, resolve } = Promise.withResolvers<ReadonlySet<string>>();
    let looked = 0;
    const loaders = {
      folder: undefined,
      missing: async () => [],
      present: async () => [],
      read: async () => ({ why: 'loader-missing' }) as const,
      names() {
        looked++;
        return names;
      },
    };
    const settings = readSettings(tftpSettings, { env: {}, args: [] });
    const handler = new TftpHandler({
      settings,
      shelves: { loaders, assetDir: undefined, cache: new FileCache(), machines: emptyMachines, settings },
      log: logSink('tftp').log,
      metrics: tftpMetrics(createMetrics('tftp')),
    });
    const sent: Uint8Array[] = [];
    const way = { send: ({ bytes }: { bytes: Uint8Array }) => void sent.push(bytes), close() {} };
    const info = { sourceAddress: 1, sourcePort: 1000, localAddress: 2, ifindex: 1 };
    for (let count = 0; count < 100; count++) {
      const request = encode({ op: 'RRQ', file: `file-${count}`, mode: 'octet', options: [] });
      expect(handler.receive(request, info, () => way)).to.equal(undefined);
    }
    expect(looked).to.equal(1);

    resolve(new Set());
    await new Promise(setImmediate);
    expect(sent.map((bytes) => Buffer.from(bytes).toString())).to.have.length(1);
    await handler.reads.stop(0);
  });
});
