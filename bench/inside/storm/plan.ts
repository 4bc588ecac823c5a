import type { Ip4 } from '#shared/ip4.ts';

/** What storm-load.ts is told: whom to ask, what must come back, and how the machines power on. */
export interface Plan {
  readonly server: Ip4;
  readonly machines: number;
  readonly loader: Wanted;
  /** What iPXE is told to fetch, once it has put its own MAC in. */
  readonly script: {
    readonly url: string;
    /** A file with the script of every machine; `@mac@` and `@machine@` stand where they differ. */
    readonly path: string;
  };
  /** The first so many bytes of it are fetched. */
  readonly kernel: Wanted & { readonly bytes: number };
  readonly powerOn: PowerOn;
  /** Seconds after which it is over, whoever is up by then. */
  readonly seconds: number;
  /** Seconds after which a line of figures is printed, again and again. */
  readonly window?: number;
}

/** A file by the name that the server calls it, and where the very same bytes lie here. */
interface Wanted {
  readonly name: string;
  readonly path: string;
}

/** Each machine once or, `again`, whenever it is its turn. */
interface PowerOn {
  /** Absent: all that may. */
  readonly perSecond?: number;
  /** So many at a time; absent: all. */
  readonly inFlight?: number;
  readonly again: boolean;
}

/** Machines of one rack, which share a relay. */
const perRack = 40;

/** 10.77.1.0: beside the machines' own addresses (bench/records.ts), in the same network. */
const firstRelay: Ip4 = 0x0a4d_0100;

/** The relay in front of a machine. */
export function relayOf(machine: number): Ip4 {
  return firstRelay + Math.floor(machine / perRack);
}
