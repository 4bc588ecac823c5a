import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { credentials } from '@grpc/grpc-js';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { exportTraces } from '#shared/trace/export.ts';
import { missing } from '../../../support/clients.ts';
import { logSink } from '../../../support/log-sink.ts';

describe('shared/trace/export.ts', () => {
  for (const host of ['127.0.0.1', '::1']) {
    it(`sends spans to a collector at ${host}`, async function () {
      await using server = createServer((socket) => socket.destroy()).listen(0, host);
      await once(server, 'listening').catch(() => missing(this, `this machine has no ${host}`));
      const { port } = server.address() as AddressInfo;
      const { log } = logSink('dhcp');
      const endpoint = { host, port };
      const metrics = new Registry();
      const asked = once(server, 'connection');
      const tracing = exportTraces({
        endpoint,
        credentials: credentials.createInsecure(),
        service: 'dhcp',
        log,
        metrics,
      });
      tracing.begin('DHCP DISCOVER').end({});
      await tracing[Symbol.asyncDispose]();
      expect(await asked).to.have.length(1);
    });
  }
});
