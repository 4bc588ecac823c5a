import { expect } from 'chai';
import { Composition, composeVersions } from '../support/compose.ts';
import { freePort } from '../support/free-port.ts';
import { plugIn } from '../support/host-cable.ts';

for (const version of composeVersions) {
  describe(`docker-compose.lan.yml with Compose ${version}`, function () {
    this.timeout(120_000);
    const stack = new AsyncDisposableStack();
    let stage: Composition;

    before(async function () {
      this.timeout(300_000);
      const cable = stack.use(await plugIn(this, '52:54:00:51:00:07'));
      stage = stack.use(
        await Composition.create(this, {
          version,
          files: ['docker-compose.lan.yml'],
          settings: {
            SMEE_LAN_PARENT: cable.device,
            SMEE_LAN_PREFIX: '198.18.79',
            SMEE_HARDWARE_PORT: String(await freePort()),
            SMEE_DASHBOARD_PORT: String(await freePort()),
          },
        }),
      );
      await stage.compose(['--profile', 'demo', 'build']);
    });
    after(async function () {
      this.timeout(60_000);
      await stack.disposeAsync();
    });

    it('leases to a machine on its LAN, and gives it a loader and a script', async () => {
      await stage.compose(['up', '-d']);
      await stage.untilHealthy();
      expect((await stage.container('dhcp')).Config.User, 'who dhcp is').to.equal('node');
      const said = await stage.compose(['--profile', 'demo', 'run', '--rm', '-T', 'client']);
      expect(said).to.include('address 198.18.79.107/24, server 198.18.79.3, file ipxe.efi');
      expect(said).to.include('http://198.18.79.4:8080/52:54:00:79:00:07/auto.ipxe');
      expect(said).to.include('== booted');
    });

    it('fails the client that gets no lease', async () => {
      const stranger = ['--profile', 'demo', 'run', '--rm', '-T', '-e', 'MAC=52:54:00:79:00:99', 'client'];
      const error = await stage.compose(stranger).catch((reason: Error) => reason.message);
      expect(error).to.include('no lease').and.to.include('FAILED: DHCP, as firmware');
    });
  });
}
