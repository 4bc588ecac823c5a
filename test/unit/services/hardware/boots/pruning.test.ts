import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { BootEvent } from '#shared/generated/smee/boot/v1/BootEvent.ts';
import { openBootDatabase } from '../../../../../services/hardware/boots/database.ts';
import { TestKeeper } from '../../../../support/boot-keeper.ts';
import { logSink } from '../../../../support/log-sink.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const begun = 1_800_000_000_000;
const macOf = (number: number) =>
  `52:54:00:77:${(number >> 8).toString(16).padStart(2, '0')}:${(number & 255).toString(16).padStart(2, '0')}`;

function knock(machine: number, at = begun): BootEvent {
  const details = { type: 'DISCOVER', client: 'PXE firmware' };
  return {
    timeUnixMilli: at,
    machine: { mac: macOf(machine) },
    stage: 'DHCP',
    outcome: 'NO',
    reason: 'unknown-machine',
    said: 'silent',
    details,
  };
}

describe('services/hardware/boots/pruning.ts', () => {
  it('keeps the newest events in all', () => {
    using test = new TestKeeper(begun, { events: 100 });
    for (let at = 0; at < 50; at++) test.tell(...Array.from({ length: 10 }, (_, n) => knock(n, begun + at)));
    expect(test.keeper.kept).to.equal(100);
    expect(test.keeper.events.count()).to.equal(100);
    expect(test.keeper.events.after(0, 1)[0]?.id).to.equal(401);
  });

  it('keeps the newest of one machine, so that none drives out the others', () => {
    using test = new TestKeeper(begun, { eventsPerMachine: 20 });
    test.tell(knock(2));
    for (let at = 0; at < 300; at++) test.tell(knock(1, begun + at));
    const mine = test.keeper.events.after(0, 1000, macOf(1));
    expect(mine.length).to.be.within(20, 84);
    expect(mine.at(-1)?.id).to.equal(301);
    expect(test.keeper.events.after(0, 1000, macOf(2))).to.have.length(1);
    expect(test.keeper.kept).to.equal(mine.length + 1);
    // What is gone from the table was counted.
    expect(test.boots.find(({ machine }) => machine?.mac === macOf(1))?.events).to.equal(300);
  });

  it('deletes what is too old, a few rows at a time', () => {
    using test = new TestKeeper(begun, { age: 3_600_000 });
    for (let at = 0; at < 12; at++) test.tell(...Array.from({ length: 100 }, (_, n) => knock(at * 100 + n)));
    test.now = begun + 3_600_001;
    test.keeper.sweep();
    expect(test.keeper.kept).to.equal(700);
    test.keeper.sweep();
    test.keeper.sweep();
    expect([test.keeper.kept, test.keeper.boots.count()]).to.deep.equal([0, 0]);
    // Ids go on rising.
    test.tell(knock(1, test.now));
    expect(test.keeper.lastEvent).to.equal(1201);
    expect(test.boots[0]?.id).to.equal(1201);
  });

  it('keeps a bounded number of strangers, and all machines with a record', () => {
    using test = new TestKeeper(begun, { strangers: 10 });
    test.names.set(macOf(0), 'known');
    test.tell(...Array.from({ length: 30 }, (_, n) => knock(n, begun + n)));
    test.keeper.sweep();
    const macs = test.boots.map(({ row }) => row.mac);
    expect(macs).to.have.length(11);
    expect(macs).to.include.members([macOf(0), macOf(29)]);
  });

  it('keeps a bounded number of machines in memory, and takes one up again where it was', () => {
    using test = new TestKeeper(begun, { machines: 5 });
    test.tell(...Array.from({ length: 30 }, (_, n) => knock(n, begun + n)));
    test.tell(knock(0, begun + 5000));
    expect(test.boots).to.have.length(30);
    expect(test.boots.find(({ row }) => row.mac === macOf(0))).to.include({ events: 2 });
  });

  it('drops what comes faster than it can be written', () => {
    using test = new TestKeeper(begun, { waiting: 10 });
    test.tell(...Array.from({ length: 30 }, (_, n) => knock(n)));
    expect(Object.fromEntries(test.counts)).to.deep.equal({ dropped: 20, stored: 10 });
  });
});

describe('services/hardware/boots/database.ts', () => {
  it('sets a damaged file aside and begins anew', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'boots.db');
    {
      using test = new TestKeeper(begun, {}, openBootDatabase(path, logSink().log));
      test.tell(knock(1));
    }
    writeFileSync(path, 'this is no database, but text that somebody wrote over it'.repeat(200));
    const { log, lines } = logSink();
    using test = new TestKeeper(begun, {}, openBootDatabase(path, log));
    test.tell(knock(2));
    expect(test.boots.map(({ row }) => row.mac)).to.deep.equal([macOf(2)]);
    expect(readdirSync(folder.path)).to.include('boots.db.damaged');
    expect(lines.map(({ level, msg }) => `${level} ${msg}`)).to.deep.equal([
      'error the boots cannot be read: set aside, and begun anew',
    ]);
  });

  it('keeps the boots in memory where there can be no file', async () => {
    await using folder = await temporaryFolder();
    const { log, lines } = logSink();
    using test = new TestKeeper(begun, {}, openBootDatabase(folder.path, log));
    test.tell(knock(1));
    expect(test.boots).to.have.length(1);
    expect(lines.map(({ level, msg }) => `${level} ${msg}`)).to.deep.equal([
      'error the boots cannot be kept in a file',
    ]);
  });
});
