import { expect } from 'chai';
import fc from 'fast-check';
import { ReplicaState } from '#shared/hardware/replica-state.ts';
import type { WatchEvent } from '#shared/hardware/wire/batch.ts';
import { throughTheWire } from '../../../support/contract.ts';

const silent = () => undefined;

/** Record `name` at a revision; its hostname tells the revision. */
function added(name: string, revision: number): WatchEvent {
  const hardware = throughTheWire({
    name,
    revision,
    interfaces: [{ dhcp: { mac: `52:54:00:00:00:0${name}`, hostname: String(revision) } }],
  });
  return { type: 'MODIFIED', hardware, revision };
}

const deleted = (name: string, revision: number): WatchEvent => ({
  type: 'DELETED',
  hardware: throughTheWire({ name, revision }),
  revision,
});

const synced = (revision: number): WatchEvent => ({ type: 'SYNCED', hardware: undefined, revision });

const contentOf = (state: ReplicaState) =>
  Object.fromEntries(
    state.index.records().map(({ name, machines }) => [name, machines[0]?.dhcp.hostname] as const),
  );

describe('shared/hardware/replica-state.ts', () => {
  it('has the content of the store after any changes, broken off and resumed anywhere', () => {
    const change = fc.record({ name: fc.constantFrom('1', '2', '3'), deletes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change), fc.array(fc.nat(30)), (changes, breaks) => {
        const history = changes.map(({ name, deletes }, at) =>
          deletes ? deleted(name, at + 1) : added(name, at + 1),
        );
        const store: Record<string, string> = {};
        for (const { name, deletes, at } of changes.map((one, at) => ({ ...one, at }))) {
          if (deletes) delete store[name];
          else store[name] = String(at + 1);
        }

        const state = new ReplicaState(silent);
        state.begin();
        state.take({ storeId: 's', events: [synced(0)] });
        // Each watch brings some of what is missing, then breaks off before it is synced; the last one is complete.
        for (const count of [...breaks, history.length]) {
          const since = state.begin();
          expect(since.storeId).to.equal('s');
          const missing = history.filter(({ revision = 0 }) => revision > since.revision);
          state.take({ storeId: 's', events: missing.slice(0, count) });
        }
        expect(state.take({ storeId: 's', events: [synced(history.length)] })).to.deep.equal({
          now: 'synced',
        });
        expect(contentOf(state)).to.deep.equal(store);
        expect(state.reached).to.deep.equal({ storeId: 's', revision: history.length });
      }),
    );
  });

  it('takes records and SYNCED and changes from one batch', () => {
    const state = new ReplicaState(silent);
    expect(state.begin()).to.deep.equal({ storeId: '', revision: 0 });
    // A snapshot comes by name, so its revisions are in no order.
    state.take({
      storeId: 's',
      events: [added('1', 9), added('2', 3), synced(9), added('2', 10), deleted('1', 11)],
    });
    expect(contentOf(state)).to.deep.equal({ 2: '10' });
    expect(state.reached).to.deep.equal({ storeId: 's', revision: 11 });
  });

  it('is content with batches and events that say nothing', () => {
    const state = new ReplicaState(silent);
    state.begin();
    expect(state.take({ storeId: '', events: [] })).to.deep.equal({ now: 'catching-up' });
    const odd: WatchEvent[] = [
      { type: undefined, hardware: undefined, revision: 0 },
      { type: 'TYPE_UNSPECIFIED', hardware: undefined, revision: 0 },
      { type: 'ADDED', hardware: undefined, revision: 0 },
      { type: 'DELETED', hardware: undefined, revision: 3 },
    ];
    expect(state.take({ storeId: 's', events: [...odd, synced(3)] })).to.deep.equal({ now: 'synced' });
    expect(contentOf(state)).to.deep.equal({});
  });

  it('will not be continued by another store, or by one that went back', () => {
    const state = new ReplicaState(silent);
    state.begin();
    state.take({ storeId: 's', events: [added('1', 5), synced(5)] });
    state.begin();
    expect(state.take({ storeId: 'other', events: [synced(9)] })).to.include({ now: 'start-over' });
    expect(state.take({ storeId: 's', events: [synced(4)] })).to.include({ now: 'start-over' });
    state.startOver();
    expect(state.begin()).to.deep.equal({ storeId: '', revision: 0 });
    expect(contentOf(state)).to.deep.equal({ 1: '5' });
  });

  it('begins anew when a snapshot broke off', () => {
    const state = new ReplicaState(silent);
    state.begin();
    state.take({ storeId: 's', events: [added('1', 1)] });
    expect(state.begin()).to.deep.equal({ storeId: '', revision: 0 });
    state.take({ storeId: 's', events: [added('2', 2), synced(2)] });
    expect(contentOf(state)).to.deep.equal({ 2: '2' });
  });

  it('takes what comes after an empty store for the snapshot that it is, whatever its order', () => {
    const state = new ReplicaState(silent);
    state.begin();
    state.take({ storeId: 's', events: [synced(0)] });
    expect(state.begin()).to.include({ revision: 0 });
    state.take({ storeId: 's', events: [added('1', 2), added('2', 1), synced(2)] });
    expect(contentOf(state)).to.deep.equal({ 1: '2', 2: '1' });
  });
});
