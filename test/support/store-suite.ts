import { expect } from 'chai';
import type { Hardware, HardwareInput } from '#shared/hardware/contract.ts';
import { decodeHardware } from '../../services/hardware/store/codec.ts';
import type {
  PlacedRecord,
  Store,
  StoredRecord,
  Writer,
  Written,
} from '../../services/hardware/store/store.ts';
import { throughTheWire } from './contract.ts';
import { record } from './hardware-server.ts';

/** A store of some kind that holds exactly these records, put there in this order, one change each; closed with its scope. */
export type OpenWith = (
  records: readonly HardwareInput[],
) => Promise<AsyncDisposable & { readonly store: Store }>;

const three = [record('c', 3), record('a', 1, { agentId: 'agent-a' }), record('b', 2)];
const namesIn = (records: Iterable<PlacedRecord>) =>
  [...records].map(({ bytes }) => decodeHardware(bytes).name);
const namesOf = (records: Iterable<StoredRecord>) => [...records].map(({ name }) => name);

/** What every store promises as long as nothing is in it. */
export function emptyStore(open: () => ReturnType<OpenWith>): void {
  describe('as every store, empty', () => {
    it('is at revision 0 and has an id', async () => {
      await using empty = await open();
      expect(empty.store).to.include({ revision: 0, oldest: 0, size: 0, problems: 0 });
      expect(empty.store.id).to.have.length.greaterThan(8);
    });

    it('finds, lists and tells nothing', async () => {
      await using empty = await open();
      const { store } = empty;
      for (const field of ['name', 'mac', 'ip', 'agent_id'] as const)
        expect(store.find({ field, value: 'a' }), field).to.deep.equal([]);
      expect([...store.list('')]).to.deep.equal([]);
      expect([...store.changes(0)]).to.deep.equal([]);
      using snapshot = store.snapshot();
      expect([...snapshot.after(0)]).to.deep.equal([]);
      expect(snapshot.revision).to.equal(0);
    });
  });
}

/** What a store promises whose records come from elsewhere. */
export function readOnlyStore(open: () => ReturnType<OpenWith>): void {
  describe('as every store that is only read', () => {
    it('has no writer, and says why', async () => {
      await using opened = await open();
      expect(opened.store.writer).to.equal(undefined);
      expect(opened.store.readOnly).to.be.a('string').with.length.greaterThan(20);
    });
  });
}

/** What every store promises to those who read. */
export function readableStore(openWith: OpenWith): void {
  emptyStore(() => openWith([]));
  describe('as every store, read', () => {
    it('has an id and, per change, one revision', async () => {
      await using empty = await openWith([]);
      await using opened = await openWith(three);
      expect(empty.store).to.include({ revision: 0, oldest: 0, size: 0 });
      expect(opened.store).to.include({ revision: 3, oldest: 0, size: 3 });
      expect(opened.store.id).to.have.length.greaterThan(8).and.not.equal(empty.store.id);
    });

    it('finds a record by name, MAC, address and agent id, and nothing by anything else', async () => {
      await using opened = await openWith(three);
      const { store } = opened;
      const keys = { name: 'a', mac: '52:54:00:77:00:01', ip: '10.77.0.1', agent_id: 'agent-a' } as const;
      for (const [field, value] of Object.entries(keys)) {
        expect(namesOf(store.find({ field: field as keyof typeof keys, value })), field).to.deep.equal(['a']);
        expect(store.find({ field: field as keyof typeof keys, value: 'other' }), field).to.deep.equal([]);
      }
    });

    it('keeps a record whole, its revision inside', async () => {
      await using opened = await openWith(three);
      const [found] = opened.store.find({ field: 'name', value: 'a' });
      expect(found).to.include({ name: 'a', revision: 2 });
      expect(decodeHardware(found!.bytes)).to.deep.equal({ ...throughTheWire(three[1]!), revision: 2 });
    });

    it('lists by name, from where the page before ended', async () => {
      await using opened = await openWith(three);
      expect(namesOf(opened.store.list(''))).to.deep.equal(['a', 'b', 'c']);
      expect(namesOf(opened.store.list('b'))).to.deep.equal(['c']);
      expect(namesOf(opened.store.list('aa'))).to.deep.equal(['b', 'c']);
    });

    it('tells its changes in revision order', async () => {
      await using opened = await openWith(three);
      expect(
        [...opened.store.changes(1)].map(({ type, name, revision }) => ({ type, name, revision })),
      ).to.deep.equal([
        { type: 'ADDED', name: 'a', revision: 2 },
        { type: 'ADDED', name: 'b', revision: 3 },
      ]);
      expect(namesOf(opened.store.changes(0))).to.deep.equal(['c', 'a', 'b']);
      expect([...opened.store.changes(3)]).to.deep.equal([]);
    });

    it('shows one moment in a snapshot, whole and from any place', async () => {
      await using opened = await openWith(three);
      using snapshot = opened.store.snapshot();
      expect(snapshot.revision).to.equal(3);
      expect(namesIn(snapshot.after(0))).to.have.members(['a', 'b', 'c']);
      const [first, ...rest] = [...snapshot.after(0)];
      expect(first?.place).to.be.greaterThan(0);
      expect([...snapshot.after(first!.place)]).to.deep.equal(rest);
    });
  });
}

/** What every store that can be written to promises, beside. */
export function writableStore(openWith: OpenWith): void {
  describe('as every store, written', () => {
    it('gives each write the next revision, and tells who listens', async () => {
      await using opened = await openWith([]);
      const { store, writer } = writable(opened.store);
      let told = 0;
      const end = store.onChange(() => told++);
      expect(await writer.create(hardware('a', 1))).to.nested.include({
        outcome: 'created',
        'record.revision': 1,
      });
      expect(await writer.update(hardware('a', 2))).to.nested.include({
        outcome: 'updated',
        'record.revision': 2,
      });
      expect(await writer.apply(hardware('b', 3))).to.nested.include({
        outcome: 'created',
        'record.revision': 3,
      });
      expect(await writer.delete('a', 0)).to.nested.include({ outcome: 'deleted', 'record.revision': 4 });
      end();
      await writer.delete('b', 0);
      expect(told).to.equal(4);
      expect([...store.changes(0)].map(({ type, name }) => `${type} ${name}`)).to.deep.equal([
        'ADDED a',
        'MODIFIED a',
        'ADDED b',
        'DELETED a',
        'DELETED b',
      ]);
      expect(decodeHardware([...store.changes(3)][0]!.bytes)).to.deep.equal({
        name: 'a',
        revision: 4,
        interfaces: [],
      });
    });

    it('changes nothing when the record is there already, whatever the order of its labels', async () => {
      await using opened = await openWith([]);
      const { store, writer } = writable(opened.store);
      await writer.create(hardware('a', 1, { labels: { rack: '1', row: '2' } }));
      const same = hardware('a', 1, { labels: { row: '2', rack: '1' }, revision: 1 });
      for (const verb of ['apply', 'update'] as const)
        expect(await writer[verb](same)).to.nested.include({ outcome: 'unchanged', 'record.revision': 1 });
      expect(store.revision).to.equal(1);
    });

    const conflicts = [
      { of: 'a name', other: record('a', 9), field: 'hardware.name' },
      { of: 'a MAC', other: takes({ mac: '52:54:00:77:00:01' }), field: 'hardware.interfaces[0].dhcp.mac' },
      {
        of: 'an address',
        other: takes({ address: '10.77.0.1' }),
        field: 'hardware.interfaces[0].dhcp.ip.address',
      },
    ];
    for (const { of, other, field } of conflicts) {
      it(`refuses ${of} that another record has, and names it`, async () => {
        await using opened = await openWith([record('a', 1)]);
        const { store, writer } = writable(opened.store);
        const written = await writer.create(throughTheWire(other));
        expect(written).to.have.property('outcome', 'taken');
        expect(
          'conflicts' in written && written.conflicts.map(({ field, owner }) => ({ field, owner })),
        ).to.deep.equal([{ field, owner: 'a' }]);
        expect(store).to.include({ revision: 1, size: 1 });
      });
    }

    it('gives a MAC and an address free when their record changes or goes', async () => {
      await using opened = await openWith([record('a', 1)]);
      const { writer } = writable(opened.store);
      await writer.update(hardware('a', 2));
      expect(await writer.create(hardware('b', 1))).to.have.property('outcome', 'created');
      await writer.delete('a', 0);
      expect(await writer.create(hardware('c', 2))).to.have.property('outcome', 'created');
    });

    it('refuses what was seen at another revision', async () => {
      await using opened = await openWith([record('a', 1)]);
      const { store, writer } = writable(opened.store);
      const old = hardware('a', 2, { revision: 7 });
      expect(await writer.update(old)).to.deep.equal({ outcome: 'stale', current: 1 });
      expect(await writer.apply(old)).to.deep.equal({ outcome: 'stale', current: 1 });
      expect(await writer.delete('a', 7)).to.deep.equal({ outcome: 'stale', current: 1 });
      expect(await writer.apply(hardware('gone', 3, { revision: 1 }))).to.deep.equal({
        outcome: 'stale',
        current: undefined,
      });
      expect(store).to.include({ revision: 1, size: 1 });
    });

    it('says that there is nothing to update or delete', async () => {
      await using opened = await openWith([]);
      const { writer } = writable(opened.store);
      expect(await writer.update(hardware('a', 1))).to.deep.equal({ outcome: 'absent' });
      expect(await writer.delete('a', 0)).to.deep.equal({ outcome: 'absent' });
    });

    it('lets one of two writers of the same MAC win', async () => {
      await using opened = await openWith([]);
      const { writer } = writable(opened.store);
      const both = await Promise.all([writer.create(hardware('a', 1)), writer.create(hardware('b', 1))]);
      expect(both.map(({ outcome }: Written) => outcome)).to.have.members(['created', 'taken']);
    });

    it('keeps showing the moment of a snapshot while writes go on', async () => {
      await using opened = await openWith(three);
      const { store, writer } = writable(opened.store);
      using snapshot = store.snapshot();
      await writer.delete('b', 0);
      await writer.create(hardware('d', 4));
      expect(namesIn(snapshot.after(0))).to.have.members(['a', 'b', 'c']);
      expect(snapshot.revision).to.equal(3);
    });
  });
}

function hardware(name: string, index: number, parts: Partial<HardwareInput> = {}): Hardware {
  return throughTheWire(record(name, index, parts));
}

function takes({ mac = '52:54:00:77:00:09', address = '10.77.0.9' }): HardwareInput {
  return { name: 'thief', interfaces: [{ dhcp: { mac, ip: { address } } }] };
}

function writable(store: Store): { store: Store; writer: Writer } {
  if (store.writer === undefined) throw new Error('this store cannot be written to');
  return { store, writer: store.writer };
}
