import { expect } from 'chai';
import { withoutSecrets } from '../../../../../services/syslog/wire/secrets.ts';

describe('services/syslog/wire/secrets.ts', () => {
  it('hides the credentials in a logged kernel command line', () => {
    expect(
      withoutSecrets('Command line: registry_username=u registry_password=hunter2 console=tty0'),
    ).to.equal('Command line: registry_username=u registry_password=[hidden] console=tty0');
  });

  it('leaves JSON parsable', () => {
    expect(JSON.parse(withoutSecrets('{"cmdline":"token=abc"}'))).to.deep.equal({
      cmdline: 'token=[hidden]',
    });
  });

  const rows: readonly [name: string, sent: string, logged: string][] = [
    ['punctuation in it', 'password=a,b;c&d]e x', 'password=[hidden] x'],
    [
      'quotes around it',
      `registry_password="hunter2" token='a b' x`,
      `registry_password="[hidden]" token='[hidden]' x`,
    ],
    ['an open quote', 'password="hunter2 x', 'password=[hidden] x'],
    ['more of a name', 'aws_secret_access_key=abc x', 'aws_secret_access_key=[hidden] x'],
    ['a member of JSON', '{"registry_password": "a b", "x":1}', '{"registry_password": "[hidden]", "x":1}'],
    [
      'quotes inside of JSON',
      '{"cmdline":"password=\\"a b\\" x"}',
      '{"cmdline":"password=\\"[hidden]\\" x"}',
    ],
    ['a word of prose', 'no password: ask', 'no password: ask'],
  ];
  for (const [name, sent, logged] of rows)
    it(`knows a secret with ${name}`, () => expect(withoutSecrets(sent)).to.equal(logged));

  it('takes linear time', () => {
    const since = performance.now();
    for (const hostile of ['password="', "token='\\", 'secret_', '"token":"'])
      withoutSecrets(hostile.repeat(65_000 / hostile.length));
    expect(performance.now() - since).to.be.lessThan(1000);
  });
});
