import { type BootLab, createBootLab, emptyMachine } from '../support/lab-boot.ts';
import type { LabProcess } from '../support/lab-process.ts';
import { runNode, type ServiceName, untilReadiness } from '../support/lab-smee.ts';

const consumers = ['dhcp', 'tftp', 'http', 'syslog'] as const;

describe('services as processes of their own, without the hardware service', function () {
  this.timeout(400_000);
  let net: BootLab;

  before(async function () {
    net = await createBootLab(this);
  });
  after(async () => await net?.[Symbol.asyncDispose]());

  function start(service: ServiceName, ...args: readonly string[]): LabProcess {
    return runNode(net.lab.prov, `services/${service}/main.ts`, args, { cwd: net.folder });
  }

  function startConsumers(): LabProcess[] {
    return [start('dhcp', '--dhcp-iface', 'br0'), start('tftp'), start('http'), start('syslog')];
  }

  it('boot a machine that was never seen after a restart, from their snapshots', async function () {
    const running = startConsumers();
    await untilReadiness(net.lab.prov, 503, ...consumers);
    const hardware = start('hardware');
    await untilReadiness(net.lab.prov, 200, 'hardware', ...consumers);

    const first = emptyMachine('first', 161, 'bios');
    const second = emptyMachine('second', 162, 'uefi');
    await net.apply(first);
    await net.apply(second);
    await net.boot(this, first);

    await hardware.stop();
    for (const service of running) await service.stop();
    startConsumers();
    await untilReadiness(net.lab.prov, 200, ...consumers);
    await net.boot(this, second);
  });
});
