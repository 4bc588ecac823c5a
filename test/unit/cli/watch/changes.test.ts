import { expect } from 'chai';
import type { Boot__Output as Boot } from '#shared/generated/smee/boot/v1/Boot.ts';
import { Changes } from '../../../../cli/watch/changes.ts';

describe('cli/watch/changes.ts', () => {
  it('tells a boot when it is new, and when its state or reason is another one', () => {
    const changes = new Changes();
    const boot: Boot = { id: 1, state: 'BOOTING', stage: 'DHCP', reason: 'ok', stages: [] };
    expect(changes.isNew(boot)).to.equal(true);
    expect(changes.isNew({ ...boot, stage: 'TFTP' }), 'further, and booting still').to.equal(false);
    expect(changes.isNew({ ...boot, id: 2 })).to.equal(true);
    expect(changes.isNew({ ...boot, state: 'FAILED', reason: 'timed-out' })).to.equal(true);
    expect(changes.isNew({ ...boot, state: 'FAILED', reason: 'timed-out' })).to.equal(false);
    expect(changes.isNew({ ...boot, state: 'FAILED', reason: 'not-found' })).to.equal(true);
  });

  it('forgets the boots that changed first', () => {
    const changes = new Changes();
    const boot = (id: number) => ({ id, state: 'BOOTED' as const, stages: [] });
    for (let id = 0; id <= 10_000; id++) changes.isNew(boot(id));
    expect(changes.isNew(boot(10_000))).to.equal(false);
    expect(changes.isNew(boot(0))).to.equal(true);
  });
});
