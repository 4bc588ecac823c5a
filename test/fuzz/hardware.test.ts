import type { ServiceError } from '@grpc/grpc-js';
import { expect } from 'chai';
import fc from 'fast-check';
import { HardwareService } from '#shared/hardware/contract.ts';
import { validate } from '../../services/hardware/decide/validate.ts';
import { throughTheWire } from '../support/contract.ts';
import { record, TestClient, testHardware } from '../support/hardware-server.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    'a',
    'a.b',
    '52:54:00:77:00:07',
    '5254.0077.0007',
    '10.0.0.1',
    '255.255.0.0',
    '10.0.0.0/8',
  ),
  fc.constantFrom('http://x/', 'a\nb', 'a\0b', '..', '30', '\u2028', '\ud800', 'x'.repeat(300)),
);
const texts = fc.array(text, { maxLength: 3 });
const dhcp = fc.record({
  mac: text,
  hostname: text,
  domainName: text,
  leaseTime: fc.nat(),
  nameServers: texts,
  vlanId: text,
  ip: fc.record({ address: text, netmask: text, gateway: text, family: fc.nat(6) }, { requiredKeys: [] }),
  classlessStaticRoutes: fc.array(fc.record({ destinationDescriptor: text, router: text }), { maxLength: 2 }),
  bootFileName: text,
});
const netboot = fc.record({
  ipxe: fc.record({ url: text, contents: text, binary: text }),
  osie: fc.record({ baseUrl: text, kernel: text, kernelParams: texts }),
  rpi: fc.record({ serialNum: text, firmwarePath: text }),
});
const hardware = fc.record({
  name: text,
  labels: fc.dictionary(text, text),
  agentId: text,
  interfaces: fc.array(fc.record({ dhcp, netboot }, { requiredKeys: [] }), { maxLength: 3 }),
});

describe('services/hardware, given anything', () => {
  it('decides about every record, and what it accepts is canonical: accepted again as it is', () => {
    fc.assert(
      fc.property(hardware, (anything) => {
        const checked = validate(throughTheWire(anything));
        if (checked.valid) {
          expect(validate(checked.hardware)).to.deep.equal(checked);
          const given = checked.hardware.interfaces.map((one) => one.dhcp);
          expect(JSON.stringify(given)).to.not.match(/\\[nrt]|\\u00/);
        } else {
          expect(checked.violations).to.not.deep.equal([]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('answers bytes that are no message, and goes on serving', async () => {
    await using service = await testHardware();
    using client = new TestClient(service.running.address.port);
    const rpcs = Object.values(HardwareService.service).filter(({ responseStream }) => !responseStream);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...rpcs),
        fc.uint8Array({ maxLength: 200 }),
        async ({ path }, bytes) => {
          await new Promise<ServiceError | null>((resolve) => {
            const raw = (value: Buffer) => value;
            client.raw.makeUnaryRequest(path, raw, raw, Buffer.from(bytes), resolve);
          });
        },
      ),
      { numRuns: 300 },
    );
    expect(await client.create(record('a', 1))).to.include({ name: 'a' });
  });
});
