import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { need, type Pending } from './clients.ts';

const axe = fileURLToPath(import.meta.resolve('axe-core'));

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** A real Chromium, Debian's, for the tests of a file; each page in a profile of its own. */
export class TestBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  /** What went wrong in any page: errors, refusals of the Content-Security-Policy. */
  readonly complaints: string[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(test: Pending): Promise<TestBrowser> {
    const executablePath = need(test, 'chromium', 'chromium');
    // Tests run as root in containers, where Chromium's own sandbox does not work.
    return new TestBrowser(
      await chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
      }),
    );
  }

  async open(url: string, { width = 1280, height = 800, dark = false }: Look = {}): Promise<TestPage> {
    const context = await this.#browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // A refused request is an answer that a test may want; the page says it in words.
      if (/Failed to load resource/.test(message.text())) return;
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    await page.goto(url);
    return new TestPage(page, context);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

export class TestPage implements AsyncDisposable {
  readonly page: Page;
  readonly #context: BrowserContext;

  constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.#context = context;
  }

  /** What axe-core finds wrong, a line each; empty when all is well. */
  async violations(): Promise<readonly string[]> {
    // By the debugger: the page's own policy lets no foreign script in.
    const client = await this.#context.newCDPSession(this.page);
    await client.send('Runtime.evaluate', { expression: await readFile(axe, 'utf8') });
    const { result } = await client.send('Runtime.evaluate', {
      expression: `axe.run().then(({ violations, passes }) => JSON.stringify({ passes: passes.length, violations: violations.map(({ id, nodes }) =>
        id + ': ' + nodes.map(({ target, failureSummary }) => target.join(' ') + ' ' + failureSummary).join('; ')) }))`,
      awaitPromise: true,
    });
    await client.detach();
    const { passes, violations } = JSON.parse(String(result.value)) as {
      passes: number;
      violations: string[];
    };
    if (passes < 10) throw new Error(`axe looked at next to nothing: ${passes} rules passed`);
    return violations;
  }

  /** By how many pixels the page is wider than the window. */
  async overflow(): Promise<number> {
    return await this.page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }
}
