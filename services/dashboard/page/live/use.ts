import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { BootEvent, BootPage, BootStory, Fleet, News } from '../../wire/api.ts';
import { machineKey } from '../words/states.ts';
import { api, Refused } from './api.ts';
import { isNewer, type Known, learn } from './known.ts';
import { serverNow, watch } from './stream.ts';

/** While something happens, lists are read anew so often, in milliseconds: news add and change rows, but take none away. */
const rereadEvery = 2000;
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

export interface LiveFleet {
  readonly fleet: Fleet | undefined;
  /** What is in the fleet's lists, and what happened since they were read. */
  readonly known: Known;
  readonly problem: Refused | undefined;
}

export function useFleet(): LiveFleet {
  const [known, setKnown] = useState<Known>(new Map());
  const { value: fleet, problem, reload } = useRead(api.fleet, []);
  const [since, setSince] = useState<Known>(new Map());
  useEffect(() => {
    if (fleet === undefined) return;
    const { failed, booting, strangers, lately } = fleet;
    setKnown(learn(since, [...lately, ...strangers, ...booting, ...failed]));
    setSince(new Map());
  }, [fleet]);
  useReread(reload);
  useNews(({ boots }) => {
    setSince((old) => learn(old, boots));
    setKnown((old) => learn(old, boots));
  });
  return { fleet, known, problem };
}

export interface LivePages {
  readonly page: BootPage | undefined;
  readonly problem: Refused | undefined;
  /** Reads the next page; undefined on the last one. */
  readonly more: (() => void) | undefined;
}

/** A list of boots as far as it was read, kept up to date. */
export function useBootPages(query: Readonly<Record<string, string>>): LivePages {
  const asked = JSON.stringify(query);
  const first = useRead(() => api.boots(query), [asked]);
  const [further, setFurther] = useState<readonly BootPage[]>([]);
  const [moreProblem, setMoreProblem] = useState<Refused>();
  const [news, setNews] = useState<Known>(new Map());
  useEffect(() => {
    setFurther([]);
    setNews(new Map());
  }, [asked]);
  useReread(first.reload);
  useNews(({ boots }) => setNews((old) => learn(old, boots)));

  const next = further.at(-1)?.next ?? first.value?.next ?? '';
  const more = () =>
    api.boots({ ...query, page: next }).then(
      (page) => {
        setMoreProblem(undefined);
        setFurther((pages) => [...pages, page]);
      },
      (error: unknown) => setMoreProblem(refusedFrom(error)),
    );
  const seen = new Set<string>();
  const boots = [first.value, ...further]
    .flatMap((page) => page?.boots ?? [])
    .map((boot) => {
      const newer = news.get(machineKey(boot));
      return newer !== undefined && isNewer(newer, boot) ? newer : boot;
    })
    .filter((boot) => !seen.has(machineKey(boot)) && seen.add(machineKey(boot)));
  return {
    page: first.value === undefined ? undefined : { ...first.value, boots },
    problem: first.problem ?? moreProblem,
    more: next === '' ? undefined : more,
  };
}

/** A boot with its events, growing as they happen. Without an id: the machine's last one, and the next when it begins. */
export function useStory(machine: string, id: number | undefined): Read<BootStory> {
  const query = id === undefined ? { machine } : { id: String(id) };
  const read = useRead(() => api.story(query as Record<string, string>), [machine, id]);
  const [grown, setGrown] = useState<BootStory>();
  useEffect(() => setGrown(undefined), [read.value]);
  const story = grown ?? read.value;
  useNews((news) => {
    if (story === undefined) {
      if (news.boots.some((boot) => machineKey(boot) === machine || boot.machine.name === machine))
        read.reload();
      return;
    }
    const same = news.boots.find((boot) => boot.id === story.boot.id);
    const another = news.boots.some(
      (boot) => boot.id > story.boot.id && machineKey(boot) === machineKey(story.boot),
    );
    if (another) read.reload();
    const events = news.events.filter(({ boot }) => boot === story.boot.id);
    if (same !== undefined || events.length > 0)
      setGrown({ ...story, boot: same ?? story.boot, events: withEvents(story.events, events) });
  });
  return { ...read, value: story };
}

/** In the order in which they happened, each once. */
function withEvents(known: readonly BootEvent[], more: readonly BootEvent[]): readonly BootEvent[] {
  const ids = new Set(known.map(({ id }) => id));
  return [...known, ...more.filter(({ id }) => !ids.has(id))].toSorted((a, b) => a.at - b.at || a.id - b.id);
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

function useNews(take: (news: News) => void): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => watch({ news: (news) => latest.current(news), anew: () => {} }), []);
}

/** Reads again while something happens, and once after it. */
function useReread(reload: () => void): void {
  const waiting = useRef<ReturnType<typeof setTimeout>>();
  useNews(({ boots }) => {
    if (boots.length === 0 || waiting.current !== undefined) return;
    waiting.current = setTimeout(() => {
      waiting.current = undefined;
      reload();
    }, rereadEvery);
  });
  useEffect(() => () => clearTimeout(waiting.current), []);
}

function refusedFrom(error: unknown): Refused {
  return error instanceof Refused ? error : new Refused('failed', 'This page made a mistake: reload it.');
}
