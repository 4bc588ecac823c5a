import type { BootEvent } from '#shared/events/event.ts';
import { attemptsOf } from '../decide/boots/attempts.ts';
import { beginningOf, type Fact, factOf } from '../decide/boots/fact.ts';
import { judge } from '../decide/boots/judge.ts';
import { remembered, silence } from '../decide/boots/patience.ts';
import { tracesOf, whose } from '../decide/boots/whose.ts';
import { bootBytes } from '../wire/boot.ts';
import { bootMessage, haystackOf, isUnknown, type Who } from './boot-message.ts';
import type { BootRow, BootRows } from './boot-rows.ts';
import { decodeBoot } from './codec.ts';
import type { EventRows } from './event-rows.ts';
import { Identities } from './identities.ts';
import { keptEvent } from './kept-event.ts';
import { SharedTexts } from './shared-texts.ts';
import { type KnownAttempt, Track } from './track.ts';

/** A machine that was heard of lately, and what is still to be written about it. */
interface Entry {
  readonly track: Track;
  /** The database has a boot of it that was not taken up: what came since cannot change it, unless it phones home. */
  readonly isApart: boolean;
  readonly who: { clientUuid: string; address: string; isLeased: boolean };
  /** By our clock, when it was heard of last. */
  touched: number;
  /** When time alone makes another judgement. */
  due: number;
  /** Not yet in the database. */
  gone: number[];
  moved: boolean;
  /** What the database has, by boot. */
  readonly written: Map<number, Written>;
}

type Written = Omit<BootRow, 'change'>;

/** What has changed about one machine's boots. */
export interface Change {
  readonly mac: string;
  readonly rows: readonly ChangedRow[];
  readonly gone: readonly number[];
  /** Where its events belong, when those that are kept have moved. */
  readonly moved: readonly KnownAttempt[];
  /** To be called when it is in the database. */
  done(): void;
}

interface ChangedRow extends Written {
  /** The database has it, and all that has changed is how far it is: not who and where it is, nor what becomes of it. */
  readonly wentOn: boolean;
}

interface Parts {
  readonly events: EventRows;
  readonly boots: BootRows;
  /** Of the record with that MAC; empty for a stranger. */
  readonly nameOf: (mac: string) => string;
  readonly newId: () => number;
  /** Machines that are held in memory. */
  readonly machines: number;
}

/** Events of a boot that are read again when it is taken up: with the oldest it began, and the newest say where it is. */
const reread = { oldest: 100, newest: 200 } as const;

/** Machines that are settled at a time beside those that were heard of: of each kind, and a few milliseconds together. */
const beside = 64;

/** Between two looks at what time alone has changed, in milliseconds: each goes through all machines. */
const lookEvery = 250;

/** The machines that were heard of lately: whose an event is, to which boot it belongs, and how those boots fare. */
export class Tracks {
  readonly #parts: Parts;
  readonly #entries = new Map<string, Entry>();
  readonly #identities = new Identities();
  readonly #texts = new SharedTexts();
  /** Heard of since the last settling; settled, and not written yet. */
  readonly #touched = new Set<Entry>();
  readonly #unwritten = new Set<Entry>();
  #isBehind = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Undefined when nothing says whose event it is. */
  machineOf(event: BootEvent): string | undefined {
    return event.mac ?? whose(event, this.#identities.machines);
  }

  add(mac: string, event: BootEvent, now: number): void {
    const entry = this.#entryOf(mac, event, now);
    this.#learn(entry, event);
    entry.track.add(this.#texts.of(factOf(event)), now);
    this.#touched.add(entry);
  }

  /** Takes up what a machine has, to be judged. */
  look(mac: string, now: number): void {
    if (!this.#entries.has(mac)) this.#touched.add(this.#entryOf(mac, undefined, now));
  }

  /** The boot of an event, once all that is there is settled; 0 for none. */
  bootOf(mac: string, at: number): number {
    return this.#entries.get(mac)?.track.bootAt(at) ?? 0;
  }

  /** Time has changed more than was settled at a time. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Judges what was added to, and of what time has changed, or could not be written before, a portion. */
  settle(now: number): readonly Change[] {
    const unwritten = firstOf(this.#unwritten, () => true);
    const portion = new Set([...this.#touched, ...unwritten, ...this.#due(now)]);
    for (const entry of portion) this.#unwritten.add(entry);
    this.#touched.clear();
    const changes = [...portion].map((entry) => this.#settle(entry, now));
    return changes.filter(({ rows, gone, moved }) => rows.length + gone.length + moved.length > 0);
  }

  /** What is settled is written, or lost for good reason: forgets machines that are done, and the oldest of too many. */
  forget(now: number): void {
    for (const [mac, entry] of this.#entries) {
      const isTooMany = this.#entries.size > this.#parts.machines;
      if (!isTooMany && now - entry.touched < silence) break; // and those behind it were heard of later
      if (!isTooMany && entry.due !== Number.POSITIVE_INFINITY) continue;
      if (this.#touched.has(entry) || this.#unwritten.has(entry)) continue;
      this.#entries.delete(mac);
      this.#identities.forget(mac);
    }
  }

  /** Of what time has changed a portion. */
  #due(now: number): readonly Entry[] {
    if (!this.#isBehind && Math.abs(now - this.#lookedAt) < lookEvery) return [];
    this.#lookedAt = now;
    const due = firstOf(this.#entries.values(), (entry) => entry.due <= now);
    this.#isBehind = due.length === beside;
    return due;
  }

  #settle(entry: Entry, now: number): Change {
    const { track, who, written } = entry;
    const { mac } = track;
    const { attempts, gone, moved } = track.settle(this.#parts.newId, now);
    entry.gone.push(...gone);
    entry.moved ||= moved;
    entry.due = Number.POSITIVE_INFINITY;
    const { clientUuid, address } = who;
    const whole: Who = { mac, name: this.#parts.nameOf(mac), clientUuid, address };
    const rows = attempts.flatMap((attempt) => {
      const judgement = judge(attempt, now);
      entry.due = Math.min(entry.due, judgement.due ?? Number.POSITIVE_INFINITY);
      const { id, start, next } = attempt;
      const body = bootBytes(bootMessage(id, whole, judgement));
      const before = written.get(id);
      if (before !== undefined && Buffer.compare(before.body, body) === 0) return [];
      const row: Written = {
        id,
        mac,
        name: whole.name,
        address: whole.address,
        start,
        last: judgement.last,
        state: judgement.state,
        open: judgement.due === undefined ? (0 as const) : (1 as const),
        latest: next === undefined ? (1 as const) : (0 as const),
        unknown: isUnknown(whole.name, judgement),
        haystack: haystackOf(whole, judgement),
        body,
      };
      return { ...row, wentOn: before !== undefined && wentOn(before, row) };
    });
    const done = () => {
      for (const row of rows) written.set(row.id, row);
      for (const id of written.keys()) if (!attempts.some((attempt) => attempt.id === id)) written.delete(id);
      entry.gone = [];
      entry.moved = false;
      this.#unwritten.delete(entry);
      track.seal(now);
    };
    if (rows.length + entry.gone.length === 0 && !entry.moved) done();
    return { mac, rows, gone: [...entry.gone], moved: entry.moved ? attempts : [], done };
  }

  #learn(entry: Entry, event: BootEvent): void {
    const { details, clientUuid, address } = event;
    const { who } = entry;
    who.clientUuid = clientUuid ?? who.clientUuid;
    // What DHCP gave says more than where a packet came from: behind a proxy, or a test on one host, that is somebody else's.
    who.isLeased ||= details.ip !== undefined;
    if (details.ip !== undefined) who.address = String(details.ip);
    else if (!who.isLeased) who.address = address ?? who.address;
    this.#identities.learn(entry.track.mac, tracesOf({ ...event, address: who.address || undefined }));
  }

  #entryOf(mac: string, event: BootEvent | undefined, now: number): Entry {
    const before = this.#entries.get(mac);
    const known = before?.isApart === true && event?.stage === 'os' ? undefined : before;
    const entry = known ?? this.#open(mac, event, now);
    entry.touched = now;
    // The one that was heard of last stands last.
    this.#entries.delete(mac);
    this.#entries.set(mac, entry);
    return entry;
  }

  /** Takes up what the database has of a machine, as far as the event may belong to it. */
  #open(mac: string, event: BootEvent | undefined, now: number): Entry {
    const [row, earlier] = this.#parts.boots.ofMachine(mac, 2);
    const fresh = (track: Track, isApart = false): Entry => ({
      track,
      isApart,
      who: { clientUuid: '', address: row?.address ?? '', isLeased: false },
      touched: now,
      due: Number.POSITIVE_INFINITY,
      gone: [],
      moved: false,
      written: new Map(),
    });
    if (row === undefined || (event !== undefined && event.at - row.last > remembered))
      return fresh(new Track(mac));
    const isLater = event !== undefined && event.at - row.last > silence && row.open === 0;
    if (isLater && event.stage !== 'os') return fresh(new Track(mac, row.id, row.last + 1), true);
    const kept = this.#parts.events.endsOfBoot(row.id, reread.oldest, reread.newest);
    const told = kept.flatMap(({ body }) => keptEvent(body) ?? []);
    const facts = told.map(factOf);
    const isWhole = attemptsOf(facts)[0]?.start === row.start;
    // How it ended was judged by more than is left.
    if (!isWhole && row.open === 0 && event?.stage !== 'os')
      return fresh(new Track(mac, row.id, row.last + 1), true);
    const track = new Track(mac, earlier?.id, earlier && earlier.last + 1);
    track.resume(row.id, row.start, isWhole ? facts : [beginning(row), ...facts], now);
    const entry = fresh(track);
    for (const one of told) this.#learn(entry, one);
    entry.written.set(row.id, row);
    return entry;
  }
}

/** Whether all is the same but what a boot that goes on changes with each event. */
function wentOn(before: Written, now: Written): boolean {
  return (
    before.name === now.name &&
    before.address === now.address &&
    before.start === now.start &&
    before.state === now.state &&
    before.open === now.open &&
    before.latest === now.latest &&
    before.unknown === now.unknown
  );
}

function firstOf(entries: Iterable<Entry>, matches: (entry: Entry) => boolean): readonly Entry[] {
  const found: Entry[] = [];
  for (const entry of entries) {
    if (found.length === beside) break;
    if (matches(entry)) found.push(entry);
  }
  return found;
}

function beginning({ start, body }: BootRow): Fact {
  const { arch = '', client = '' } = decodeBoot(body) ?? {};
  return beginningOf(start, { arch, client });
}
