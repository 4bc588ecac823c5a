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
});
