import { expect } from 'chai';
import type { BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { bootClient, bootStory, TestReporter } from '../support/boot-events.ts';
import { TestBrowser } from '../support/browser.ts';
import { dashboardToken, type RunningDashboard, runDashboard } from '../support/dashboard.ts';
import { record, type TestHardware, testHardware } from '../support/hardware-server.ts';
import { until } from '../support/until.ts';

/** The machine of record 7. */
const mac = '52:54:00:77:00:07';

describe('the dashboard in a browser, in front of the real hardware service', function () {
  this.timeout(120_000);
  const stack = new AsyncDisposableStack();
  let browser: TestBrowser;
  let hardware: TestHardware;
  let dashboard: RunningDashboard;
  let dhcp: TestReporter;
  let tftp: TestReporter;
  let http: TestReporter;

  before(async function () {
    browser = stack.use(await TestBrowser.start(this));
    hardware = stack.use(await testHardware());
    const { port } = hardware.running.address;
    dashboard = stack.use(await runDashboard(port, { token: true }));
    const client = stack.use(bootClient(port));
    [dhcp, tftp, http] = [
      new TestReporter(client, 'dhcp'),
      new TestReporter(client, 'tftp'),
      new TestReporter(client, 'http'),
    ];
  });
  after(() => stack.disposeAsync());

  const refused = (machine: string, reason: string): BootEvent => ({
    timeUnixMilli: Date.now(),
    machine: { mac: machine },
    stage: 'DHCP',
    outcome: 'NO',
    reason,
    said: 'silent',
    details: { type: 'DISCOVER', client: 'PXE firmware', arch: 'x86_64-efi' },
    durationMicros: 90,
  });

  it('shows a machine that fails, and why; lets it be mended in the page; and sees it boot', async () => {
    const allowed = record('rack1-node07', 7);
    await hardware.client.create({
      ...allowed,
      interfaces: [
        { ...allowed.interfaces?.[0], netboot: { allowPxe: false, ipxe: { contents: '#!ipxe\nSECRET' } } },
      ],
    });
    await using opened = await browser.open(dashboard.url);
    const { page } = opened;
    await page.getByText('Nothing was heard yet').waitFor();
    dhcp.tell(refused(mac, 'netboot-not-allowed'));

    const row = page.locator('li.row.failed', { hasText: 'rack1-node07' });
    await row.getByText('The record does not allow this machine to boot from the network.').waitFor();
    await row.getByRole('link', { name: 'rack1-node07' }).click();
    await page.getByRole('heading', { name: 'The record does not allow this machine' }).waitFor();
    await page.getByText('Set netboot.allowPXE: true in its record').waitFor();

    await page.getByRole('link', { name: 'See its record' }).click();
    await page.getByText('not allowed', { exact: true }).waitFor();
    expect(await page.locator('body').textContent()).not.to.contain('SECRET');
    await page.getByRole('button', { name: 'Unlock to change it' }).click();
    await page.getByLabel('Token').fill('not-the-token-0123456789');
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await page.getByText('This is not the token of the dashboard.').waitFor();
    await page.getByLabel('Token').fill(dashboardToken);
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await page.getByLabel('May boot from the network').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.yaml', { hasText: 'allowPXE: true' }).waitFor();
    const stored = await hardware.client.call('GetHardware', { name: 'rack1-node07' });
    expect(stored.interfaces[0]?.netboot?.allowPxe).to.equal(true);
    expect(stored.interfaces[0]?.netboot?.ipxe?.contents).to.equal('#!ipxe\nSECRET');

    await page.getByRole('tab', { name: 'Timeline' }).click();
    const story = bootStory(mac, Date.now());
    dhcp.tell(...story.dhcp.slice(0, 2));
    await page.locator('.machine-head .mark.booting').waitFor();
    const total = page.locator('.timeline .total');
    const before = await total.textContent();
    await until(
      'the timeline grows while nothing is told',
      async () => (await total.textContent()) !== before,
    );
    tftp.tell(...story.tftp);
    await page.locator('.bar', { hasText: 'TFTP' }).waitFor();
    dhcp.tell(...story.dhcp.slice(2));
    http.tell(...story.http);
    await page.locator('.machine-head .mark.booted').waitFor();
    await page.locator('.events', { hasText: 'phone-home' }).waitFor();
    expect(await page.locator('.failure').count()).to.equal(0);
    await page.getByRole('link', { name: '← Fleet' }).click();
    await page.locator('li.row.booted', { hasText: 'rack1-node07' }).waitFor();
  });

  it('shows what a machine is fetching, and how much of it has come, while it comes', async () => {
    const machine = '52:54:00:99:00:03';
    const story = bootStory(machine, Date.now() - 40_000);
    const growing = (bytes: number, seconds: number): BootEvent => ({
      ...story.http[1],
      outcome: 'HEARD',
      said: 'fetching',
      durationMicros: seconds * 1_000_000,
      details: { file: '/artifacts/vmlinuz', bytes: String(bytes), size: '400000000' },
      fetchId: '0123456789abcdef',
    });
    await using opened = await browser.open(dashboard.url);
    const { page } = opened;
    dhcp.tell(...story.dhcp.slice(0, 4));
    http.tell(story.http[0]!, growing(60_000_000, 10));
    const row = page.locator('li.row.booting', { hasText: machine });
    await row.getByText('is fetching vmlinuz, 60 of 400 MB').waitFor();
    await row.getByRole('link', { name: machine }).click();
    await page.locator('.timeline', { hasText: 'is fetching vmlinuz, 60 of 400 MB' }).waitFor();
    http.tell(growing(120_000_000, 20));
    await page.locator('.events', { hasText: '120.0 MB of 400.0 MB' }).waitFor();
    expect(await page.locator('.events li', { hasText: 'fetching' }).count()).to.equal(1);
    http.tell({ ...growing(400_000_000, 25), outcome: 'YES', said: 'artifact' });
    await page.locator('.events', { hasText: '400.0 MB' }).waitFor();
    await until('nothing is under way', async () => (await page.getByText('fetching').count()) === 0);
  });

  it('says where something is missing, in the boots of that time and over all', async () => {
    const machine = '52:54:00:99:00:04';
    const begun = Date.now() - 30_000;
    const story = bootStory(machine, begun);
    await using opened = await browser.open(
      `${dashboard.url}/#/machine/${encodeURIComponent(machine)}/timeline`,
    );
    const { page } = opened;
    dhcp.tell(...story.dhcp.slice(0, 2));
    await page.locator('.events li').nth(1).waitFor();
    expect(await page.getByText('Something is missing').count()).to.equal(0);
    tftp.stream.write({ gap: { events: 312, fromUnixMilli: begun + 3000, toUnixMilli: begun + 8000 } });
    dhcp.tell(refused(machine, 'netboot-not-allowed'));
    const gap = page.locator('.events li.gap', { hasText: '312 events of tftp got lost' });
    await gap.waitFor();
    expect(await page.locator('.events li').nth(1).getAttribute('class')).to.equal('gap');
    await page.locator('.failure', { hasText: 'it may have come further' }).waitFor();
    expect(await opened.violations()).to.deep.equal([]);
    await page.getByRole('link', { name: '← Fleet' }).click();
    await page.locator('.missing', { hasText: '312 events of tftp from' }).waitFor();
    expect(await opened.violations()).to.deep.equal([]);
  });

  it('gives an unknown machine its record in two clicks', async () => {
    const stranger = '52:54:00:99:00:01';
    await using opened = await browser.open(dashboard.url);
    const { page } = opened;
    // As it is once the token has been asked for.
    await page.evaluate(`sessionStorage.setItem('smee-token', '${dashboardToken}')`);
    await page.reload();
    dhcp.tell(refused(stranger, 'unknown-machine'));
    const row = page.locator('li.row', { hasText: stranger });
    await row.waitFor();
    // It has no record, so nobody said that it ought to boot: it is none of those that failed.
    const tile = (name: string) => page.locator(`[data-tile=${name}] strong`);
    await until('it is counted', async () => (await tile('unknown').textContent()) === '1');
    const failed = Number(await tile('failed').textContent());
    await page.locator('[data-tile=failed]').click();
    await page.getByRole('heading', { level: 1, name: 'Failed' }).waitFor();
    await until('all that failed', async () => (await page.locator('li.row').count()) === failed);
    expect(await row.count()).to.equal(0);
    await page.locator('[data-tile=unknown]').click();
    await page.getByRole('heading', { level: 1, name: 'Unknown machines' }).waitFor();
    await row.getByRole('button', { name: 'Add a record' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'smee' }).click();
    await page
      .locator('li.row', { hasText: 'machine-990001' })
      .getByText('It has a record by now.')
      .waitFor();
    const stored = await hardware.client.call('GetHardware', { mac: stranger });
    expect(stored.interfaces[0]?.dhcp?.ip).to.include({ address: '10.77.0.8', netmask: '255.255.0.0' });
    expect(stored.interfaces[0]?.netboot?.allowPxe).to.equal(true);
  });

  it('asks for the token again when it is another by now, and goes on where one was', async () => {
    await hardware.client.create(record('rack1-node05', 5));
    await using opened = await browser.open(`${dashboard.url}/#/machine/rack1-node05/record`);
    const { page } = opened;
    const stale = () =>
      page.evaluate("sessionStorage.setItem('smee-token', 'the-token-of-last-week-0123456789')");
    const unlock = async () => {
      const dialog = page.getByRole('dialog', { name: 'Unlock changes' });
      await dialog.getByText('is not that of the dashboard any more').waitFor();
      expect(await page.getByRole('dialog').count()).to.equal(1);
      await dialog.getByLabel('Token').fill(dashboardToken);
      await dialog.getByRole('button', { name: 'Unlock', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await stale();
    await page.reload();
    await unlock();
    await page.getByLabel('Host name').fill('node05');

    await stale();
    await page.getByRole('button', { name: 'Save' }).click();
    await unlock();
    await page.getByText('Saved.').waitFor();
    expect(await page.getByLabel('Host name').inputValue()).to.equal('node05');
    const stored = await hardware.client.call('GetHardware', { name: 'rack1-node05' });
    expect(stored.interfaces[0]?.dhcp?.hostname).to.equal('node05');

    // Who declines keeps what he has written; and reads on like everybody.
    await page.getByLabel('Host name').fill('node05b');
    await stale();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('This is not the token of the dashboard.').waitFor();
    expect(await page.getByLabel('Host name').inputValue()).to.equal('node05b');
    await page.reload();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Unlock to change it' }).waitFor();
    await page.getByText('node05', { exact: true }).first().waitFor();
  });

  it('shows hostile text as text, wherever it stands', async () => {
    const hostile = '<img src=x onerror="document.title=`hacked`"><script>document.title="hacked"</script>';
    const machine = '52:54:00:99:00:02';
    await using opened = await browser.open(
      `${dashboard.url}/#/machine/${encodeURIComponent(machine)}/timeline`,
    );
    const { page } = opened;
    await page.getByText('Nothing was heard of this machine yet').waitFor();
    dhcp.tell({
      ...refused(machine, 'unknown-architecture'),
      details: { detail: hostile, client: 'PXE firmware', arch: hostile, file: hostile },
    });
    http.tell({
      timeUnixMilli: Date.now(),
      machine: { mac: machine },
      stage: 'SYSLOG',
      outcome: 'HEARD',
      reason: 'ok',
      said: 'message',
      details: { 'app-name': hostile, text: hostile, severity: hostile },
    });
    await page.locator('.failure .detail', { hasText: '<img src=x' }).waitFor();
    await page.getByRole('tab', { name: 'Syslog' }).click();
    await page.locator('.syslog li', { hasText: '<script>' }).waitFor();
    await page.getByRole('link', { name: '← Fleet' }).click();
    await page.locator('li.row', { hasText: machine }).waitFor();
    await page.locator('#search').fill('<img src=x onerror=1>');
    await page.getByText('No machine that was heard of').waitFor();
    expect(await page.title()).not.to.contain('hacked');
    expect(await page.locator('img:not(.brand img)').count()).to.equal(0);
  });

  it('finds machines by anything that is known of them', async () => {
    await using opened = await browser.open(dashboard.url);
    const { page } = opened;
    for (const text of ['node07', '52:54:00:77', 'unknown-machine']) {
      await page.locator('#search').fill(text);
      await page.getByRole('heading', { level: 1, name: `with “${text}”` }).waitFor();
      await page.locator('li.row').first().waitFor();
    }
    expect(page.url()).to.contain('search=unknown-machine');
    await hardware.client.create(record('rack9-never-powered-on', 90));
    await page.locator('#search').fill('rack9-never-powered-on');
    await page.getByText('Nothing was heard of it yet, but there is a record').waitFor();
    await page.getByRole('link', { name: 'rack9-never-powered-on' }).click();
    await page.locator('.yaml', { hasText: '10.77.0.90' }).waitFor();
  });

  it('complained of nothing in all of this', () => expect(browser.complaints).to.deep.equal([]));
});
