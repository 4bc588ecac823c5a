import { expect } from 'chai';
import { nextChange } from '../../../../../services/hardware/handlers/watch.ts';

describe('services/hardware/handlers/watch.ts', () => {
  it('waits for no change when the watcher has left before, and leaves nobody listening', async () => {
    const listeners = new Set<() => void>();
    const onChange = (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
    await nextChange(onChange, [new AbortController().signal, AbortSignal.abort()]);
    expect(listeners.size).to.equal(0);
  });
});
