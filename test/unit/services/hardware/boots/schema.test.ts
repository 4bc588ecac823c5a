import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { bootMigrations } from '../../../../../services/hardware/boots/schema.ts';
import { migrate } from '../../../../../services/hardware/store/schema.ts';
import { bootStory } from '../../../../support/boot-events.ts';
import { TestKeeper } from '../../../../support/boot-keeper.ts';

const begun = 1_800_000_000_000;
const mac = '52:54:00:77:00:07';

describe('services/hardware/boots/schema.ts', () => {
  it('brings a file of the first release up to date, with all that it holds', () => {
    const { dhcp, tftp, http } = bootStory(mac, begun);
    using source = new TestKeeper(begun + 41_000);
    source.tell(...dhcp, ...tftp, ...http);
    const [boot] = source.keeper.boots.changed(0, 10);
    const old = new DatabaseSync(':memory:');
    migrate(old, bootMigrations.slice(0, 1));
    for (const [at, { body }] of source.keeper.events.after(0, 100).entries())
      old
        .prepare('INSERT INTO event (at, mac, boot, body) VALUES (?, ?, 1, ?)')
        .run(begun + at * 1000, mac, body);
    const { id, name, address, start, last, state, open, latest, change, haystack, body } = boot!;
    old
      .prepare('INSERT INTO boot VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(id, mac, name, address, start, last, state, open, latest, change, haystack, body);

    const stranger = { mac: '52:54:00:99:00:01', name: '', state: 'FAILED', change: 99 };
    old
      .prepare("INSERT INTO boot VALUES (2, ?, ?, '', 1, 1, ?, 0, 1, ?, ?, x'')")
      .run(...Object.values(stranger), `${stranger.mac}\n\n\n\nunknown-machine\n`);

    migrate(old, bootMigrations);
    expect(
      old
        .prepare('SELECT id, unknown FROM boot')
        .all()
        .map((row) => ({ ...row })),
    ).to.deep.equal([
      { id: 1, unknown: 0 },
      { id: 2, unknown: 1 },
    ]);
    old.exec('DELETE FROM boot WHERE id = 2');
    using test = new TestKeeper(begun + 50_000, {}, old);
    expect(test.boots.map(({ state: found }) => found)).to.deep.equal(['BOOTED']);
    expect(test.told.get(1)).to.have.length(dhcp.length + tftp.length + http.length);
    test.tell(bootStory(mac, begun + 60_000).dhcp[0]!);
    expect(test.boots.map(({ state: found }) => found)).to.deep.equal(['BOOTED', 'BOOTING']);
  });
});
