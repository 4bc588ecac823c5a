import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { pageSources, sourcesOfPictures } from '../support/page-sources.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the pictures of the dashboard', () => {
  const shown = [
    ...readFileSync(`${root}docs/dashboard.md`, 'utf8').matchAll(/\]\(images\/([\w-]+\.png)\)/g),
  ];
  const names = shown.map(([, name = '']) => name);

  it('are of the fleet, a machine, a failure and a phone', () => {
    expect(names).to.include.members(
      ['fleet', 'machine', 'failure', 'phone'].map((what) => `dashboard-${what}.png`),
    );
  });

  it('are there, each of them is shown, and they are no empty files', () => {
    const files = readdirSync(`${root}docs/images`).filter((name) => name.endsWith('.png'));
    expect(files).to.have.members(names);
    for (const name of files) {
      const bytes = readFileSync(`${root}docs/images/${name}`);
      expect(bytes.subarray(1, 4).toString(), name).to.equal('PNG');
      expect(bytes.readUInt32BE(16), name).to.be.at.least(375);
      expect(bytes.length, name).to.be.above(20_000);
    }
  });

  it('show the page as it is: else run npm run screenshots', () => {
    expect(readFileSync(sourcesOfPictures, 'utf8').trim()).to.equal(pageSources());
  });
});
