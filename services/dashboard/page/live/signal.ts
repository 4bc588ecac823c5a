import { useEffect, useState } from 'preact/hooks';

/** A value that components follow. */
export interface Signal<T> {
  readonly value: T;
  set(value: T): void;
  /** Gives back how to stop. */
  follow(listener: (value: T) => void): () => void;
}

export function signal<T>(first: T): Signal<T> {
  const listeners = new Set<(value: T) => void>();
  let current = first;
  return {
    get value() {
      return current;
    },
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener(value);
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The value as it is now; the component is drawn again when it changes. */
export function useSignal<T>(followed: Signal<T>): T {
  const [value, setValue] = useState(followed.value);
  useEffect(() => {
    setValue(followed.value);
    return followed.follow(setValue);
  }, [followed]);
  return value;
}
