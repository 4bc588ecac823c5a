import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** Compares a text with the file kept for it below test/fixtures/; `UPDATE_GOLDEN=1` writes the file instead. */
export function expectGolden(path: string, text: string): void {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(`${fixtures}${path}`, text);
  expect(text).to.equal(readFileSync(`${fixtures}${path}`, 'utf8'));
}
