import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { openBootDatabase } from '../../../../../services/hardware/boots/database.ts';
import { logSink } from '../../../../support/log-sink.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

describe('services/hardware/boots/database.ts', () => {
  it('waits but a moment for another program that writes: the records are served by the same thread', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'boots.db');
    using database = openBootDatabase(path, logSink('hardware').log);
    using other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const began = performance.now();
    expect(() => database.exec('BEGIN IMMEDIATE')).to.throw('database is locked');
    expect(performance.now() - began).to.be.lessThan(1000);
  });
});
