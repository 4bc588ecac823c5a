import { expect } from 'chai';
import { nextHop } from '../../../../../services/http/wire/redirect.ts';

describe('services/http/wire/redirect.ts', () => {
  const rows: [from: string, location: string | undefined, to: string][] = [
    ['http://a/x/y', 'http://b/z', 'http://b/z'],
    ['http://a/x/y', '../z', 'http://a/z'],
    ['http://a/x/y', '//b/z', 'http://b/z'],
    ['http://a/', 'https://a/', 'https://a/'],
    ['https://a/', '//b/', 'https://b/'],
    ['https://a/', 'http://a/', 'redirect-refused'],
    ['http://a/', 'file:///etc/passwd', 'redirect-refused'],
    ['http://a/', 'FILE:///etc/passwd', 'redirect-refused'],
    ['http://a/', 'data:,x', 'redirect-refused'],
    ['http://me:pass@a/x', '/y', 'http://a/y'],
    ['http://a/', 'http://me:pass@b/', 'http://b/'],
    ['http://a/', 'http://[', 'upstream-error'],
    ['http://a/', undefined, 'upstream-error'],
  ];
  for (const [from, location, to] of rows) {
    it(`leads from ${from} by ${location ?? 'nothing'} to ${to}`, () => {
      const next = nextHop(new URL(from), location);
      expect('why' in next ? next.why : next.href).to.equal(to);
    });
  }
});
