import { bootBytes } from '../wire/boot.ts';
import { isUnknown } from './boot-message.ts';
import type { BootRow, BootRows } from './boot-rows.ts';
import { decodeBoot } from './codec.ts';
import { Remembered } from './remembered.ts';

/** Machines whose name is looked up at a time. */
const atATime = 500;

/** Names that are remembered. */
const remembered = 20_000;

/**
 * Keeps the names of the machines' last boots as the records have them: a stranger may get a record, a record another name. Goes
 * through them in small steps after any change, so that ten thousand records applied at once cost no pause.
 */
export class Names {
  readonly #boots: BootRows;
  readonly #nameOf: (mac: string) => string;
  /** By MAC, as long as no record changes: a boot in a storm asks ten times. */
  readonly #known: Remembered;
  /** The last boot that was looked at; undefined when all are as the records say. */
  #at: number | undefined = 0;
  #again = false;

  constructor(boots: BootRows, nameOf: (mac: string) => string) {
    this.#boots = boots;
    this.#nameOf = nameOf;
    this.#known = new Remembered(remembered, nameOf);
  }

  lookAgain(): void {
    this.#again = true;
    this.#known.forget();
  }

  /** The name of the record with that MAC; empty when there is none. */
  of(mac: string): string {
    return this.#known.of(mac);
  }

  /** Rows that have another name than they say, of the next few. @param newChange gives the number of a change */
  next(newChange: () => number): readonly BootRow[] {
    if (this.#at === undefined && this.#again) {
      this.#at = 0;
      this.#again = false;
    }
    if (this.#at === undefined) return [];
    const looked = this.#boots.latestAfter(this.#at, atATime);
    this.#at = looked.length < atATime ? undefined : looked.at(-1)?.id;
    return looked.flatMap((row) => {
      const name = this.#nameOf(row.mac);
      return name === row.name ? [] : [{ ...renamed(row, name), change: newChange() }];
    });
  }
}

function renamed(row: BootRow, name: string): BootRow {
  const boot = decodeBoot(row.body);
  if (boot === undefined) return row;
  const [mac = '', , ...rest] = row.haystack.split('\n');
  return {
    ...row,
    name,
    unknown: isUnknown(name, boot),
    haystack: [mac, name.toLowerCase(), ...rest].join('\n'),
    body: bootBytes({ ...boot, machine: { ...boot.machine, name } }),
  };
}
