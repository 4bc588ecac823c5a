import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { toHex } from '#shared/bytes.ts';
import { optionTable } from '../../services/dhcp/wire/codes.ts';
import { decode } from '../../services/dhcp/wire/packet.ts';
import { collector, type ReceivedSpan } from '../support/collector.ts';
import { dhcpPeer, message } from '../support/dhcp-peer.ts';
import { dhcpService } from '../support/dhcp-service.ts';
import { freePort } from '../support/free-port.ts';
import { runHttp } from '../support/http.ts';
import { fixedMachines, machine } from '../support/machines.ts';
import { fetch as fetchByTftp, TftpClient } from '../support/tftp.ts';
import { tftpService } from '../support/tftp-service.ts';

const secret = 'hunter2';
const machines = fixedMachines([
  machine({
    netboot: {
      osie: {
        baseUrl: undefined,
        kernel: undefined,
        initrd: undefined,
        kernelParams: [`registry_password=${secret}`],
      },
    },
  }),
]);

const address = '192.168.77.107';
const firmware = {
  60: 'PXEClient:Arch:00007:UNDI:003001',
  93: [7],
  94: [1, 3, 1],
  97: new Array(17).fill(0),
};
const ipxe = { ...firmware, 77: 'iPXE', 175: [19, 1, 1] };

/** Boots a machine as its firmware and then iPXE would: what DHCP named, and what was fetched by those names. */
async function boot(servers: { dhcp: { host: string; port: number }; tftp: { host: string; port: number } }) {
  using peer = await dhcpPeer(servers.dhcp);
  let xid = 0x5eed_0000;
  const lease = async (options: object) => {
    xid++;
    const offer = await peer.ask(message({ xid, options: { ...options, 53: 1 } }));
    const server = offer.message.options[54] as string;
    const ack = await peer.ask(message({ xid, options: { ...options, 53: 3, 50: address, 54: server } }));
    return [offer.bytes, ack.bytes].map((bytes) => {
      const { file, options: sent } = decode(bytes);
      return { file, vendor: toHex(sent.get(optionTable.vendorOptions.code)!) };
    });
  };
  const [offered, acked] = await lease(firmware);
  await using client = await TftpClient.open(servers.tftp);
  const loader = String(await fetchByTftp(client, acked!.file));
  const [, second] = await lease(ipxe);
  const script = await (await fetch(second!.file)).text();
  return { offered: offered!, acked: acked!, loader, scriptUrl: second!.file, script };
}

/** All three services, sending traces where `flag` says. */
async function provisioner(flag: string | undefined) {
  const stack = new AsyncDisposableStack();
  const args = flag === undefined ? [] : [flag];
  const http = stack.use(
    await runHttp([...args, `--extra-kernel-args=registry_username=${secret}`], machines),
  );
  const tftp = stack.use(await tftpService({ args, machines }));
  const dhcpArgs = ['--dhcp-tftp-ip=127.0.0.1', `--dhcp-http-ipxe-script-port=${http.port}`, ...args];
  const dhcp = stack.use(await dhcpService({ machines, args: dhcpArgs }));
  return {
    http,
    tftp,
    dhcp,
    boot: () => boot({ dhcp: dhcp.server, tftp: tftp.server }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** `name → name of its parent` of every span, in the order of their beginning. */
function family(spans: readonly ReceivedSpan[]): string[] {
  const named = new Map(spans.map((span) => [span.spanId, span]));
  return spans
    .toSorted((a, b) => a.start - b.start)
    .map(({ name, parentId }) => `${name} < ${parentId === '' ? 'nobody' : named.get(parentId)?.name}`);
}

describe('tracing', () => {
  it('makes one trace of a boot, from DISCOVER through TFTP and HTTP to the script, without a secret', async () => {
    using received = await collector();
    const running = await provisioner(received.flag);
    const { loader, script, acked } = await running.boot();
    await running[Symbol.asyncDispose]();

    expect(loader).to.equal('ipxe');
    expect(script).to.contain(`registry_password=${secret}`).and.contain(`registry_username=${secret}`);
    expect(family(received.spans)).to.deep.equal([
      'DHCP DISCOVER < nobody',
      'DHCP REQUEST < DHCP DISCOVER',
      'TFTP RRQ < DHCP REQUEST',
      'DHCP DISCOVER < DHCP DISCOVER',
      'DHCP REQUEST < DHCP DISCOVER',
      'HTTP script < DHCP REQUEST',
    ]);
    const [root, request, transfer, , , fetched] = received.spans.toSorted((a, b) => a.start - b.start);
    expect(new Set(received.spans.map(({ traceId }) => traceId))).to.deep.equal(new Set([root!.traceId]));
    expect(transfer!.parentId).to.equal(request!.spanId);
    expect(acked.file).to.equal(`ipxe.efi-00-${request!.traceId}-${request!.spanId}-01`);
    expect([root, transfer, fetched].map((span) => span!.service)).to.deep.equal([
      'smee-dhcp',
      'smee-tftp',
      'smee-http',
    ]);
    expect(received.text()).not.to.contain(secret);
    expect(received.text()).not.to.contain('#!ipxe');
  });

  it('tells of an exchange its headers, its options, and what was said', async () => {
    using received = await collector();
    const running = await provisioner(received.flag);
    await running.boot();
    await running[Symbol.asyncDispose]();
    const [root] = received.spans.toSorted((a, b) => a.start - b.start);
    expect(root!.attributes).to.include({
      'DHCP.request.Header.transactionID': '0x5eed0001',
      'DHCP.request.Header.chaddr': '52:54:00:77:00:07',
      'DHCP.request.Opt53.MessageType': 'DISCOVER',
      'DHCP.request.Opt60.ClassIdentifier': '"PXEClient:Arch:00007:UNDI:003001"',
      'DHCP.reply.Header.yiaddr': address,
      'DHCP.reply.Opt53.MessageType': 'OFFER',
      'DHCP.reply.Opt54.ServerIdentifier': '127.0.0.1',
      'smee.mac': '52:54:00:77:00:07',
      'smee.said': 'OFFER',
      'smee.why': 'ok',
    });
    expect(root!.end).to.be.greaterThan(root!.start);
    expect(Math.abs(root!.start - Date.now())).to.be.lessThan(60_000);
  });

  it('carries the trace in option 43.69, the same as behind the name of the loader', async () => {
    using received = await collector();
    await using running = await provisioner(received.flag);
    const { offered, acked } = await running.boot();
    for (const { file, vendor } of [offered, acked]) {
      const [, ids = ''] = /^ipxe\.efi-(00-[0-9a-f]{32}-[0-9a-f]{16}-01)$/.exec(file) ?? [];
      expect(vendor).to.equal(`060108451a${ids.replaceAll('-', '')}`);
    }
    expect(offered.file).not.to.equal(acked.file);
  });

  it('sends zeros in option 43.69 and plain names when no collector is set', async () => {
    await using running = await provisioner(undefined);
    const { offered, acked, scriptUrl, loader } = await running.boot();
    for (const { file, vendor } of [offered, acked]) {
      expect(file).to.equal('ipxe.efi');
      expect(vendor).to.equal(`060108451a${'00'.repeat(26)}`);
    }
    expect(scriptUrl).to.match(/\/52:54:00:77:00:07\/auto\.ipxe$/);
    expect(loader).to.equal('ipxe');
  });

  it('takes the context of whoever asks over HTTP from their own header', async () => {
    using received = await collector();
    const http = await runHttp([received.flag], machines);
    const ids = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'] as const;
    await fetch(`${http.url}/52:54:00:77:00:07/auto.ipxe`, {
      headers: { traceparent: `00-${ids.join('-')}-00` },
    });
    await http.line('/52:54:00:77:00:07/auto.ipxe');
    await http[Symbol.asyncDispose]();
    expect(received.spans.map(({ traceId, parentId }) => [traceId, parentId])).to.deep.equal([ids]);
  });

  for (const [what, listen] of [
    ['is down', false],
    ['takes connections and says nothing', true],
  ] as const) {
    it(`boots machines all the same when the collector ${what}, and stops in time`, async () => {
      const held = new Set<Socket>();
      const silent = createServer((socket) => held.add(socket.on('error', () => {})));
      if (listen) await once(silent.listen(0, '127.0.0.1'), 'listening');
      const bound = silent.address();
      const port = bound !== null && typeof bound === 'object' ? bound.port : await freePort();
      const running = await provisioner(`--otel-endpoint=127.0.0.1:${port}`);
      const started = performance.now();
      for (let times = 0; times < 5; times++) expect((await running.boot()).script).to.contain('#!ipxe');
      expect(performance.now() - started).to.be.lessThan(5000);
      const stopping = performance.now();
      await Promise.race([running[Symbol.asyncDispose](), pause(9000)]);
      expect(performance.now() - stopping).to.be.lessThan(6000);
      silent.close();
      for (const socket of held) socket.destroy();
    }).timeout(20_000);
  }
});
