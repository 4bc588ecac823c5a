import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file as it is served. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
}

export interface Page {
  /** By the path of their URL. */
  readonly files: ReadonlyMap<string, PageFile>;
  /** `'sha256-…'`: the one script that stands in the page itself, for the Content-Security-Policy. */
  readonly inlineScript: string;
}

const folder = fileURLToPath(new URL('page/', import.meta.url));
const require = createRequire(import.meta.url);

/** The name under which the page imports each of its libraries → its file in node_modules. */
const libraries = {
  preact: beside('preact/package.json', 'dist/preact.module.js'),
  'preact/hooks': beside('preact/package.json', 'hooks/dist/hooks.module.js'),
  htm: beside('htm', 'htm.module.js'),
  'htm/preact': beside('htm/preact', 'index.module.js'),
} as const;

/** htm lets nobody have its package.json, so its folder is found by what it exports. */
function beside(found: string, file: string): string {
  return join(dirname(require.resolve(found)), file);
}

const types: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * The page, read once: its TypeScript without its types (erasable syntax only, so what is left is JavaScript, line by line),
 * its libraries as they came from npm, and its HTML with the import map that ties them together.
 */
export function loadPage(): Page {
  const files = new Map<string, PageFile>();
  for (const name of sources()) {
    const text = readFileSync(join(folder, name), 'utf8');
    const isCode = extname(name) === '.ts';
    const body = isCode ? withoutTypes(text) : text;
    files.set(`/page/${name}`, file(types[extname(name)] ?? 'text/plain', body));
  }
  for (const [name, path] of Object.entries(libraries)) {
    // Their source maps are not served.
    const body = readFileSync(path, 'utf8').replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n');
    files.set(libraryUrl(name), file('text/javascript; charset=utf-8', body));
  }
  const map = importMap();
  files.set('/', file('text/html; charset=utf-8', html(map, [...files.keys()])));
  return { files, inlineScript: `'sha256-${createHash('sha256').update(map).digest('base64')}'` };
}

function sources(): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => types[extname(name)] !== undefined,
  );
}

/** Node calls this experimental, on standard error, where nobody can do anything about it: what it does here, our tests know. */
function withoutTypes(code: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(code, { mode: 'strip' });
  } finally {
    process.emitWarning = emitWarning;
  }
}

function libraryUrl(name: string): string {
  return `/lib/${name.replace('/', '-')}.js`;
}

function importMap(): string {
  const imports = Object.fromEntries(Object.keys(libraries).map((name) => [name, libraryUrl(name)]));
  return JSON.stringify({ imports });
}

/** All modules are named in advance: the browser need not read one to learn of the next. */
function html(map: string, urls: readonly string[]): string {
  const modules = urls.filter(
    (url) => (url.endsWith('.ts') && url !== '/page/first.ts') || url.startsWith('/lib/'),
  );
  const preload = modules.map((url) => `<link rel="modulepreload" href="${url}">`).join('\n    ');
  return readFileSync(join(folder, 'index.html'), 'utf8')
    .replace('<!-- import map -->', () => `<script type="importmap">${map}</script>`)
    .replace('<!-- modules -->', () => preload);
}

function file(type: string, text: string): PageFile {
  const body = Buffer.from(text);
  return { type, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}
