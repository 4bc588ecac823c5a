import { expect } from 'chai';
import { reasons } from '#shared/boot/reasons.ts';

describe('shared/boot/reasons.ts', () => {
  it('has codes that can stand in a metric label', () => {
    for (const code of Object.keys(reasons)) expect(code).to.match(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });

  for (const [code, { means, action }] of Object.entries(reasons)) {
    it(`says what ${code} means and what to do, in whole sentences`, () => {
      for (const text of [means, action]) expect(text).to.match(/^[A-Z].*[.]$/s);
    });
  }
});
