import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { details } from '#shared/events/details.ts';
import { generatedPages } from '../../docs/generate.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'proto', 'shared'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
];

describe('docs', () => {
  it('has generated pages that say what the code says', async () => {
    for (const [name, content] of Object.entries(await generatedPages())) {
      expect(read(`docs/${name}`), `docs/${name}: run npm run generate:docs`).to.equal(content);
    }
  });

  it('has no page that cannot be reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached)
      for (const [, link = ''] of read(page).matchAll(/\]\(([^)#:\s]+\.md)(?:#[^)]*)?\)/g))
        reached.add(join(dirname(page), link));
    const lost = pages.filter((page) => page.startsWith('docs/') && !reached.has(page));
    expect(lost).to.deep.equal([]);
  });

  it('tells every detail of an event in logging.md, and what it means', () => {
    const rows = [...read('docs/logging.md').matchAll(/^\| `([\w-]+)` \| (.+) \|$/gm)];
    const told = Object.fromEntries(rows.map(([, name = '', meaning = '']) => [name, meaning]));
    expect(told).to.include(details);
  });

  for (const page of pages) {
    it(`${page} links only to what is there`, () => {
      const links = [...read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
      const broken = links.filter(
        (link) => !link.includes(':') && !existsSync(join(root, dirname(page), link)),
      );
      expect(broken).to.deep.equal([]);
    });

    it(`${page} names only npm scripts that exist`, () => {
      const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
      const named = [...read(page).matchAll(/npm run (?:--silent )?([a-z0-9:]+)/g)].map(
        ([, name = '']) => name,
      );
      expect(named.filter((name) => scripts[name] === undefined)).to.deep.equal([]);
    });

    it(`${page} names only files that exist, where it names them as code`, () => {
      const named = [
        ...read(page).matchAll(/`((?:services|shared|cli|proto|test|docs|examples)\/[\w./-]+\.\w+)`/g),
      ];
      const missing = named.map(([, file = '']) => file).filter((file) => !existsSync(join(root, file)));
      expect(missing).to.deep.equal([]);
    });
  }
});
