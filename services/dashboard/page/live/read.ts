import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { News } from '../../wire/api.ts';
import { Refused } from './api.ts';
import { serverNow, watch } from './stream.ts';

/** What nobody answered is asked again after so long, in milliseconds. */
const askAgainAfter = 3000;

export interface Read<T> {
  readonly value: T | undefined;
  /** Why there is no newer value. */
  readonly problem: Refused | undefined;
  reload(): void;
}

/**
 * What `ask` answers, and what it answers later: asked again when the stream begins anew, and by `reload`. What is there stays
 * until something newer comes; an answer to an older question is thrown away.
 */
export function useRead<T>(ask: (() => Promise<T>) | undefined, questions: readonly unknown[]): Read<T> {
  const [value, setValue] = useState<T>();
  const [problem, setProblem] = useState<Refused>();
  const round = useRef(0);
  const again = useRef<ReturnType<typeof setTimeout>>();
  const reload = useCallback(() => {
    const mine = ++round.current;
    clearTimeout(again.current);
    ask?.().then(
      (answer) => {
        if (mine !== round.current) return;
        setValue(answer);
        setProblem(undefined);
      },
      (error: unknown) => {
        if (mine !== round.current) return;
        const refused = refusedFrom(error);
        setProblem(refused);
        if (refused.code.endsWith('-away')) again.current = setTimeout(reload, askAgainAfter);
      },
    );
    // `ask` is another function each time; `questions` says when it asks something else.
  }, questions);
  useEffect(() => {
    setValue(undefined);
    setProblem(undefined);
    reload();
    const stop = watch({ anew: reload, news: () => {} });
    return () => {
      stop();
      clearTimeout(again.current);
      // What is still on its way is nobody's any more.
      round.current++;
    };
  }, [reload]);
  return { value, problem, reload };
}

/** Now, by the server's clock; drawn again so often, in milliseconds. 0: not at all. */
export function useNow(every: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    if (every === 0) return;
    const timer = setInterval(() => setNow(serverNow()), every);
    return () => clearInterval(timer);
  }, [every]);
  return Math.max(now, every === 0 ? serverNow() : 0);
}

/** What happens, as it happens. */
export function useNews(take: (news: News) => void): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => watch({ news: (news) => latest.current(news), anew: () => {} }), []);
}

/** Anything that went wrong, as a sentence. */
export function refusedFrom(error: unknown): Refused {
  return error instanceof Refused ? error : new Refused('failed', 'This page made a mistake: reload it.');
}
