import { expect } from 'chai';
import { ConfigError, MalformedError, messageOf, SmeeError, UnavailableError } from '#shared/errors.ts';

describe('shared/errors.ts', () => {
  it('gives each class its name and a stable code', () => {
    const errors = [
      new SmeeError('taken', 'no'),
      new MalformedError('hlen', 2, 'is 99'),
      new ConfigError(['a', 'b']),
      new UnavailableError('gone'),
    ];
    expect(errors.map(({ name, code }) => [name, code])).to.deep.equal([
      ['SmeeError', 'taken'],
      ['MalformedError', 'malformed'],
      ['ConfigError', 'config'],
      ['UnavailableError', 'unavailable'],
    ]);
    for (const error of errors) expect(error).to.be.instanceOf(SmeeError).and.instanceOf(Error);
  });

  it('says which field is malformed, and where', () => {
    const error = new MalformedError('option 53', 240, 'is cut off');
    expect(error).to.include({
      field: 'option 53',
      offset: 240,
      message: 'option 53 at byte 240: is cut off',
    });
  });

  it('keeps every problem and every cause', () => {
    expect(new ConfigError(['a', 'b']))
      .to.have.property('problems')
      .that.deep.equals(['a', 'b']);
    const cause = new Error('below');
    expect(new UnavailableError('above', { cause }).cause).to.equal(cause);
  });

  it('finds the text of anything that was thrown', () => {
    expect(messageOf(new Error('a'))).to.equal('a');
    expect(messageOf('b')).to.equal('b');
    expect(messageOf(undefined)).to.equal('undefined');
  });
});
