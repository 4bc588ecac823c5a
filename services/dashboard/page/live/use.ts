import { useEffect, useRef, useState } from 'preact/hooks';
import type { Boot, BootPage, BootStory, Fleet } from '../../wire/api.ts';
import { machineKey } from '../words/states.ts';
import { api, type Refused } from './api.ts';
import { withEvents } from './events.ts';
import { isNewer, type Known, learn } from './known.ts';
import { type Read, refusedFrom, useNews, useRead } from './read.ts';

/** While something happens, lists are read anew so often, in milliseconds: news add and change rows, but take none away. */
const rereadEvery = 2000;

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
    const { failed, booting, unknown, lately } = fleet;
    setKnown(learn(since, [...lately, ...unknown, ...booting, ...failed]));
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
  // What got lost meanwhile is told to nobody who does not ask.
  useReread(read.reload, (boot) => story !== undefined && boot.id === story.boot.id);
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

/** Reads again while something happens to boots that concern somebody, and once after it. */
function useReread(reload: () => void, concerns: (boot: Boot) => boolean = () => true): void {
  const waiting = useRef<ReturnType<typeof setTimeout>>();
  useNews(({ boots }) => {
    if (waiting.current !== undefined || !boots.some(concerns)) return;
    waiting.current = setTimeout(() => {
      waiting.current = undefined;
      reload();
    }, rereadEvery);
  });
  useEffect(() => () => clearTimeout(waiting.current), []);
}
