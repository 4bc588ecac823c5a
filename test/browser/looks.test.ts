import { expect } from 'chai';
import { TestBrowser } from '../support/browser.ts';
import { ConductedBoots } from '../support/conducted-boots.ts';
import { dashboardToken, type RunningDashboard, runDashboard } from '../support/dashboard.ts';
import { tellRack } from '../support/rack-of-boots.ts';
import { until } from '../support/until.ts';

describe('how the dashboard looks and is used', function () {
  this.timeout(120_000);
  const stack = new AsyncDisposableStack();
  let browser: TestBrowser;
  let boots: ConductedBoots;
  let dashboard: RunningDashboard;
  let failed: string;

  before(async function () {
    browser = stack.use(await TestBrowser.start(this));
    boots = stack.use(await ConductedBoots.start());
    tellRack(boots, Date.now());
    failed = [...boots.boots.values()].find(({ machine }) => machine?.name === 'rack1-node11')!.machine!.mac!;
    boots.put({
      name: 'rack1-node11',
      interfaces: [
        { dhcp: { mac: failed, ip: { address: '192.168.77.34' } }, netboot: { ipxe: { contents: 'x' } } },
      ],
    });
    boots.explanation = {
      boots: false,
      steps: [
        {
          stage: 'DHCP',
          asks: 'DISCOVER of PXE firmware',
          outcome: 'NO',
          said: 'silent',
          reason: 'dhcp-disabled',
          means: 'It says so.',
          action: 'Change it.',
          details: { type: 'DISCOVER' },
        },
      ],
      changes: ['Set disableDhcp: false.'],
      unknowns: ['tftp has reported no settings.'],
    };
    dashboard = stack.use(await runDashboard(boots.port, { token: true }));
  });
  after(() => stack.disposeAsync());

  const views = {
    fleet: () => ['#/', '.glance'],
    list: () => ['#/boots/all', '.row'],
    'nothing found': () => ['#/boots/all?search=nothing-like-this', '.hint'],
    timeline: () => [`#/machine/${failed}/timeline`, '.events li'],
    record: () => [`#/machine/${failed}/record`, '.yaml'],
    explain: () => [`#/machine/${failed}/explain`, '.steps li'],
    syslog: () => [`#/machine/${failed}/syslog`, '.syslog'],
    'a machine that nobody has heard of': () => ['#/machine/aa:bb:cc:dd:ee:ff/timeline', '.tabs'],
  } as const satisfies Record<string, () => readonly [string, string]>;

  for (const [name, view] of Object.entries(views)) {
    for (const dark of [false, true]) {
      it(`has nothing that axe finds wrong: ${name}, ${dark ? 'dark' : 'light'}`, async () => {
        const [hash, sign] = view();
        await using opened = await browser.open(`${dashboard.url}/${hash}`, { dark });
        await opened.page.locator(sign).first().waitFor();
        expect(await opened.violations()).to.deep.equal([]);
      });
    }

    it(`is no wider than a phone: ${name}`, async () => {
      const [hash, sign] = view();
      await using opened = await browser.open(`${dashboard.url}/${hash}`, { width: 375, height: 740 });
      await opened.page.locator(sign).first().waitFor();
      expect(await opened.overflow()).to.equal(0);
    });
  }

  it('has dialogs and forms that axe finds nothing wrong with', async () => {
    await using opened = await browser.open(`${dashboard.url}/#/machine/${failed}/record`);
    const { page } = opened;
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await opened.violations(), 'keys').to.deep.equal([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Unlock to change it' }).click();
    await page.getByRole('dialog', { name: 'Unlock changes' }).waitFor();
    expect(await opened.violations(), 'token').to.deep.equal([]);
    await page.getByLabel('Token').fill(dashboardToken);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Change rack1-node11' }).waitFor();
    expect(await opened.violations(), 'form').to.deep.equal([]);
    await page.goto(`${dashboard.url}/#/boots/unknown`);
    await page.getByRole('button', { name: 'Add a record' }).first().click();
    await page.getByRole('button', { name: 'Save' }).waitFor();
    expect(await opened.violations(), 'new record').to.deep.equal([]);
  });

  it('is walked with the keyboard alone', async () => {
    await using opened = await browser.open(dashboard.url);
    const { page } = opened;
    const focused = () => page.evaluate('document.activeElement.textContent');
    await page.locator('[data-row]').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await focused()).to.equal('Skip to the machines');
    await page.keyboard.press('Enter');
    await page.keyboard.press('j');
    expect(await focused()).to.equal('rack1-node04');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).to.equal('rack1-node11');
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    expect(await focused()).to.equal('rack1-node04');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'rack1-node11' }).waitFor();
    await page.getByRole('tab', { name: 'Timeline' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: 'Record', selected: true }).waitFor();
    expect(await focused()).to.equal('Record');
    await page.keyboard.press('Escape');
    await page.locator('.glance').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('node11');
    await page.getByRole('heading', { level: 1, name: 'with “node11”' }).waitFor();
    await page.locator('li.row', { hasText: 'rack1-node11' }).waitFor();
    await page.keyboard.press('Enter');
    await until('the first row has the focus', async () => (await focused()) === 'rack1-node11');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused()).to.equal('rack1-node11');
  });

  it('is as dark as the system, until it is switched; and stays so', async () => {
    await using opened = await browser.open(dashboard.url, { dark: true });
    const { page } = opened;
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await ground();
    await page.keyboard.press('t');
    const light = await ground();
    expect(light).not.to.equal(dark);
    await page.reload();
    expect(await ground()).to.equal(light);
    await page.getByRole('button', { name: 'Switch to dark' }).click();
    expect(await ground()).to.equal(dark);
  });

  it('keeps what it shows while the hardware service is away, says so, and goes on by itself', async () => {
    await using opened = await browser.open(dashboard.url);
    const { page } = opened;
    await page.getByText('Live', { exact: true }).waitFor();
    await boots.stop();
    await page.getByText('The hardware service does not answer').waitFor();
    expect(await page.locator('li.row').count()).to.be.above(5);
    expect(await opened.violations()).to.deep.equal([]);
    await boots.start();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.getByText('The hardware service does not answer').count()).to.equal(0);
  });

  it('comes up although files of it were lost on the way, as when an interface of the host goes', async () => {
    for (const lost of ['/page/app.ts', '/page/live/stream.ts', '/lib/preact.js', '/page/style/base.css']) {
      await using opened = await browser.open('about:blank');
      const { page } = opened;
      let aborted = 0;
      await page.route(`**${lost}`, async (route) => {
        if (++aborted <= 2) await route.abort('internetdisconnected');
        else await route.continue();
      });
      await page.goto(dashboard.url);
      await page.locator('li.row').first().waitFor();
      const styles = () => page.evaluate('document.styleSheets.length').catch(() => 'under way');
      await until(`${lost} is there`, async () => aborted > 2 && (await styles()) === 4);
    }
  });

  it('comes back by itself when the dashboard was away', async () => {
    const own = await runDashboard(boots.port);
    await using opened = await browser.open(own.url);
    const { page } = opened;
    await page.locator('li.row').first().waitFor();
    await own[Symbol.asyncDispose]();
    await page.getByText('The dashboard does not answer').waitFor();
    await using again = await runDashboard(boots.port, { flags: [`--dashboard-addr=127.0.0.1:${own.port}`] });
    expect(again.port).to.equal(own.port);
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 15_000 });
  });

  it('complained of nothing in all of this', () => expect(browser.complaints).to.deep.equal([]));
});
