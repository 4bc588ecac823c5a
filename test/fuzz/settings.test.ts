import { expect } from 'chai';
import fc from 'fast-check';
import { readSettings, text, variableOf, Wrong } from '#shared/config.ts';
import { ConfigError } from '#shared/errors.ts';
import { tables } from '../support/tables.ts';

/** Nothing that takes more than free text takes this. */
const nonsense = '\u001b[31m \n no such thing,';

describe('settings, given nonsense', () => {
  for (const [service, table] of Object.entries(tables)) {
    const choosy = Object.values(table).filter(({ kind }) => kind !== text);

    it(`reports every nonsensical variable of ${service} at once, each by its name`, () => {
      const env = Object.fromEntries(choosy.map(({ flag }) => [variableOf(flag), nonsense]));
      const read = () => readSettings(table, { env, args: [] });
      expect(read).to.throw(ConfigError);
      try {
        read();
      } catch (error) {
        const { problems } = error as ConfigError;
        const named = problems.map((problem) => /^SMEE_[A-Z0-9_]+/.exec(problem)?.[0]);
        expect(named).to.have.members(Object.keys(env));
        for (const problem of problems) expect(problem).to.not.match(/\p{Cc}/u);
      }
    });

    it(`takes or refuses any text for every setting of ${service}, and never falls over`, () => {
      const settings = fc.constantFrom(...Object.values(table));
      const anything = fc.oneof(
        fc.string(),
        fc.constantFrom('1e309', '-1', '0x10', '::', ',,', '='.repeat(5000)),
      );
      fc.assert(
        fc.property(settings, anything, ({ kind }, written) => {
          const value = kind.parse(written);
          if (value instanceof Wrong) expect(value.what).to.match(/^[\x20-\x7e…]/);
        }),
        { numRuns: 500 },
      );
    });
  }
});
