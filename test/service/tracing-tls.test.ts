import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServerCredentials } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { ConfigError } from '#shared/errors.ts';
import { Authority, type Identity, readIdentity } from '../support/certificates.ts';
import { collector } from '../support/collector.ts';
import { runHttp } from '../support/http.ts';
import { fixedMachines, machine } from '../support/machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const known = fixedMachines([machine()]);
const script = '/52:54:00:77:00:07/auto.ipxe';

describe('traces over TLS', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let authority: Authority;
  let other: Authority;
  let server: Identity;
  let client: Identity;

  before(async () => {
    folder = await temporaryFolder();
    authority = await Authority.create(folder.path);
    other = await Authority.create(folder.path, 'other-ca');
    server = await authority.issue('collector');
    client = await authority.issue('smee');
  });
  after(() => folder[Symbol.asyncDispose]());

  /** A collector with a certificate of the authority; `asks`: for one of its clients, too. */
  async function secureCollector(asks = false) {
    const { cert, key } = await readIdentity(server);
    const { cert: ca } = await readIdentity({ cert: authority.cert, key: server.key });
    const pairs = [{ cert_chain: cert, private_key: key }];
    return await collector(ServerCredentials.createSsl(asks ? ca : null, pairs, asks));
  }

  /** A machine fetches its script from a service with these settings; what became of the span. */
  async function trace(flags: readonly string[], env: Record<string, string> = {}) {
    await using http = await runHttp(['--otel-insecure=false', ...flags], known, env);
    expect(await (await fetch(`${http.url}${script}`)).text()).to.match(/^#!ipxe/);
    const count = async () => {
      const { values } = await http.metrics.getSingleMetric('smee_trace_spans_total')!.get();
      return Object.fromEntries(values.map(({ labels, value }) => [labels.outcome, value]));
    };
    await until('the span is exported, or not', async () => Object.keys(await count()).length > 0);
    return await count();
  }

  it('go to a collector whose CA is named', async () => {
    using received = await secureCollector();
    const outcome = await trace([received.flag, `--otel-certificate=${authority.cert}`]);
    expect(outcome).to.deep.equal({ exported: 1 });
    expect(received.spans.map(({ name }) => name)).to.deep.equal(['HTTP script']);
  });

  it("take the CA from OpenTelemetry's own variable", async () => {
    using received = await secureCollector();
    const outcome = await trace([received.flag], { OTEL_EXPORTER_OTLP_CERTIFICATE: authority.cert });
    expect(outcome).to.deep.equal({ exported: 1 });
    expect(received.spans).to.have.length(1);
  });

  it('show a certificate to a collector that asks for one', async () => {
    using received = await secureCollector(true);
    const ca = [received.flag, `--otel-certificate=${authority.cert}`];
    const own = [`--otel-client-certificate=${client.cert}`, `--otel-client-key=${client.key}`];
    expect(await trace([...ca, ...own])).to.deep.equal({ exported: 1 });
    expect(await trace(ca)).to.deep.equal({ failed: 1 });
    expect(received.spans).to.have.length(1);
  });

  for (const [what, flags] of [
    ['another CA', () => [`--otel-certificate=${other.cert}`]],
    ['no CA that the world knows', () => []],
  ] as const) {
    it(`do not go to a collector of ${what}, and the machine boots all the same`, async () => {
      using received = await secureCollector();
      expect(await trace([received.flag, ...flags()])).to.deep.equal({ failed: 1 });
      expect(received.text()).to.equal('');
    });
  }

  it('do not go to a collector without TLS', async () => {
    using received = await collector();
    expect(await trace([received.flag, `--otel-certificate=${authority.cert}`])).to.deep.equal({ failed: 1 });
    expect(received.text()).to.equal('');
  });

  it('stop the start, with every problem, when a file cannot be used', async () => {
    const nonsense = join(folder.path, 'nonsense.pem');
    await writeFile(nonsense, 'no certificate');
    const problems = async (...flags: readonly string[]) =>
      await runHttp(['--otel-endpoint=127.0.0.1:4317', '--otel-insecure=false', ...flags], known).then(
        () => [],
        (error: unknown) => (error as ConfigError).problems,
      );
    expect(String(await problems(`--otel-certificate=${nonsense}`))).to.match(/cannot be used/);
    const two = await problems(
      '--otel-certificate=/nowhere/ca.pem',
      '--otel-client-certificate=/nowhere/c.pem',
    );
    expect(two).to.have.length(3);
    expect(two.join('\n')).to.match(/--otel-certificate="\/nowhere\/ca.pem": ENOENT/);
    expect(two.join('\n')).to.match(/need each other/);
  });
});
