import { openNoop } from '../../../../../services/hardware/store/noop.ts';
import { emptyStore, readOnlyStore } from '../../../../support/store-suite.ts';

const open = async () => {
  const store = openNoop();
  return { store, [Symbol.asyncDispose]: async () => store[Symbol.dispose]() };
};

describe('services/hardware/store/noop.ts', () => {
  emptyStore(open);
  readOnlyStore(open);
});
