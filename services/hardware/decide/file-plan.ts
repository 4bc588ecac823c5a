/** What is wrong in a file, and where. */
export interface Finding {
  /** From 1; undefined when it is about the file as such. */
  readonly line: number | undefined;
  /** As the file spells it; empty when it is about the whole. */
  readonly field: string;
  /** The end of a sentence: "must be text". */
  readonly what: string;
  /** Of what another record has: `ip 10.0.0.7`, `mac …`, `name …`. */
  readonly claim?: string;
}

/** A MAC or an address that a record wants for itself alone: `mac 52:54:00:77:00:07`. */
interface FileClaim {
  readonly claim: string;
  readonly line: number;
  readonly field: string;
}

/** One record as it stands in a file. */
export interface Candidate<H> {
  /** Undefined when the file does not say it. */
  readonly name: string | undefined;
  /** Of its first interface, where it can be told. */
  readonly mac: string | undefined;
  readonly line: number;
  /** Valid and canonical; undefined when the record is wrong. */
  readonly hardware: H | undefined;
  readonly claims: readonly FileClaim[];
  readonly findings: readonly Finding[];
}

export interface FileContent<H> {
  readonly file: string;
  /** false: it could not be read; what it held before stays. */
  readonly readable: boolean;
  /** In the order of the file. */
  readonly candidates: readonly Candidate<H>[];
  /** About the file as a whole. */
  readonly findings: readonly Finding[];
}

/** A record that is served now. */
export interface Served {
  readonly file: string;
  readonly claims: readonly string[];
}

/** What becomes of what is wrong: the rest is served, the last good version stays, or nothing is served. */
export type Effect = 'rest-served' | 'last-good' | 'left-out';

export interface Report extends Finding {
  readonly file: string;
  readonly name: string | undefined;
  readonly mac: string | undefined;
  readonly effect: Effect;
}

export interface Plan<H> {
  /** To be served as they stand in the files, in their order; some may be served so already. */
  readonly puts: readonly { readonly name: string; readonly file: string; readonly hardware: H }[];
  /** Served already, and not to be touched. */
  readonly keeps: ReadonlySet<string>;
  readonly reports: readonly Report[];
}

/**
 * Which records are to be served, of what the files say and what is served now. Whatever neither stands in a file nor is kept
 * is to be deleted.
 *
 * - In the order of files and records, the first to take a name, a MAC or an address has it; a later one is reported.
 * - A record that is wrong, or comes too late, keeps its last good version, when that takes nothing from another.
 * - A file that cannot be read, or holds a record without a name, loses nothing: what it does not say now may be in there.
 */
export function planRecords<H>(
  contents: readonly FileContent<H>[],
  served: ReadonlyMap<string, Served>,
): Plan<H> {
  const planner = new Planner<H>(served);
  for (const content of contents) planner.take(content);
  return planner;
}

interface Owner {
  readonly name: string;
  /** `rack1.yaml, line 7` */
  readonly where: string;
}

class Planner<H> implements Plan<H> {
  readonly puts: { name: string; file: string; hardware: H }[] = [];
  readonly keeps = new Set<string>();
  readonly reports: Report[] = [];
  readonly #served: ReadonlyMap<string, Served>;
  readonly #byFile = new Map<string, string[]>();
  /** Names, MACs and addresses that are taken. */
  readonly #owners = new Map<string, Owner>();

  constructor(served: ReadonlyMap<string, Served>) {
    this.#served = served;
    for (const [name, { file }] of served) {
      const names = this.#byFile.get(file);
      if (names === undefined) this.#byFile.set(file, [name]);
      else names.push(name);
    }
  }

  take({ file, readable, candidates, findings }: FileContent<H>): void {
    const before = this.#byFile.get(file) ?? [];
    const given = new Set<string>();
    for (const candidate of candidates) {
      if (candidate.name !== undefined) given.add(candidate.name);
      const late = this.#serve(file, candidate);
      const wrong = [...candidate.findings, ...late];
      if (wrong.length > 0) this.#report(file, candidate, wrong, this.#effect(file, candidate, late));
    }
    if (!readable || candidates.some(({ name }) => name === undefined))
      for (const name of before) if (!given.has(name)) this.#keep(file, name);
    this.#report(
      file,
      { name: undefined, mac: undefined },
      findings,
      before.length > 0 ? 'last-good' : 'left-out',
    );
  }

  /** Takes a record in, or says who came before it. */
  #serve(file: string, { name, line, hardware, claims }: Candidate<H>): readonly Finding[] {
    if (name === undefined || hardware === undefined) return [];
    const wanted = [{ claim: `name ${name}`, line, field: '' }, ...claims];
    const late = wanted.flatMap(({ claim, ...at }): Finding[] => {
      const owner = this.#owners.get(claim);
      return owner === undefined
        ? []
        : [{ ...at, claim, what: `${claim} is taken by ${owner.name} (${owner.where})` }];
    });
    if (late.length > 0) return late;
    for (const { claim } of wanted) this.#owners.set(claim, { name, where: `${file}, line ${line}` });
    this.puts.push({ name, file, hardware });
    return [];
  }

  #effect(file: string, { name, hardware }: Candidate<H>, late: readonly Finding[]): Effect {
    if (hardware !== undefined && late.length === 0) return 'rest-served';
    return name !== undefined && this.#keep(file, name) ? 'last-good' : 'left-out';
  }

  /** Whether the last good version of a record stays. */
  #keep(file: string, name: string): boolean {
    const before = this.#served.get(name);
    if (before === undefined || before.file !== file) return false;
    const wanted = [`name ${name}`, ...before.claims];
    if (wanted.some((claim) => this.#owners.has(claim))) return false;
    for (const claim of wanted) this.#owners.set(claim, { name, where: `the last good ${file}` });
    this.keeps.add(name);
    return true;
  }

  #report(
    file: string,
    { name, mac }: Pick<Candidate<H>, 'name' | 'mac'>,
    findings: readonly Finding[],
    effect: Effect,
  ): void {
    for (const finding of findings) this.reports.push({ ...finding, file, name, mac, effect });
  }
}
