import { expect } from 'chai';
import { SmeeError } from '#shared/errors.ts';
import { readApart } from '../../../../../../services/hardware/store/file/read-apart.ts';

describe('services/hardware/store/file/read-apart.ts', () => {
  it('resolves with an error when there can be no thread', async () => {
    // What cannot be handed over makes the thread fail as early as a lack of memory does.
    const places = { path: 'rack.yaml', statePath: 'state.db', toString: () => '' };
    const read = await readApart(places, new AbortController().signal);
    expect(read).to.be.instanceOf(SmeeError).and.include({ code: 'no-thread' });
    expect(read)
      .to.have.property('message')
      .that.matches(/^rack\.yaml: .*could not be cloned/);
  });
});
