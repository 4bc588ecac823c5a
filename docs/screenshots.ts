/**
 * `npm run screenshots`: draws the pictures of docs/dashboard.md in a real Chromium, from a rack that is made up
 * (test/support/rack-of-boots.ts), and notes what they were drawn from; a test compares that with the page as it is.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TestBrowser } from '../test/support/browser.ts';
import { ConductedBoots } from '../test/support/conducted-boots.ts';
import { runDashboard } from '../test/support/dashboard.ts';
import { pageSources, sourcesOfPictures } from '../test/support/page-sources.ts';
import { tellRack } from '../test/support/rack-of-boots.ts';

const folder = fileURLToPath(new URL('images/', import.meta.url));
const desk = { width: 1360, height: 860 };
const phone = { width: 375, height: 812 };

await using boots = await ConductedBoots.start();
tellRack(boots, Date.now());
await using dashboard = await runDashboard(boots.port, { token: true });
await using browser = await TestBrowser.start({
  skip() {
    throw new Error('no Chromium, no pictures');
  },
});

const machine = (name: string) => {
  const found = [...boots.boots.values()].find((boot) => boot.machine?.name === name);
  return encodeURIComponent(found?.machine?.mac ?? '');
};
const pictures = {
  'dashboard-fleet': { ...desk, hash: '#/', sign: '.glance' },
  'dashboard-fleet-dark': { ...desk, dark: true, hash: '#/', sign: '.glance' },
  'dashboard-machine': { ...desk, hash: `#/machine/${machine('rack1-node07')}/timeline`, sign: '.events li' },
  'dashboard-failure': { ...desk, hash: `#/machine/${machine('rack1-node11')}/timeline`, sign: '.events li' },
  'dashboard-phone': { ...phone, dark: true, hash: '#/', sign: '.glance' },
};

mkdirSync(folder, { recursive: true });
for (const [name, { hash, sign, ...look }] of Object.entries(pictures)) {
  await using opened = await browser.open(`${dashboard.url}/${hash}`, look);
  await opened.page.locator(sign).first().waitFor();
  await opened.page.getByText('Live', { exact: true }).waitFor();
  await opened.page.screenshot({ path: `${folder}${name}.png` });
}
writeFileSync(sourcesOfPictures, `${pageSources()}\n`);
