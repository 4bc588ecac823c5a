import type { Socket } from 'node:net';
import type { Ip4 } from '#shared/ip4.ts';
import { addressOfMachine, firstMac, macOfMachine } from '../../records.ts';
import { relayOf } from './plan.ts';

/** Where a machine is on its way from power-on to its kernel. */
export type Stage = 'off' | 'rom' | 'loader' | 'ipxe' | 'script' | 'kernel' | 'up' | 'failed';

/** One simulated machine, and what its firmware remembers. Times in milliseconds of `performance.now()`. */
export class Machine {
  readonly number: number;
  readonly macText: string;
  readonly mac: number;
  readonly address: Ip4;
  readonly relay: Ip4;
  /** What its iPXE knows, and puts into URLs. */
  readonly settings: ReadonlyMap<string, string>;
  stage: Stage = 'off';
  /** When it was powered on. */
  since = 0;
  /** Counts what it asked, so that an answer to something older is not taken for one to this. */
  serial = 0;
  /** When it asked for the first time what it asks now, and how often it has. */
  asked = 0;
  tries = 0;
  /** When it asks again, or gives up. */
  due = Number.POSITIVE_INFINITY;
  /** DHCP: it has an offer, and requests it. */
  hasOffer = false;
  /** TFTP: the server's port, and blocks that it has. */
  peer = 0;
  blocks = 0;
  /** HTTP: its connection, what came of the headers, and bytes of the body that it has. */
  socket: Socket | undefined;
  headers = '';
  inBody = false;
  received = 0;

  constructor(number: number) {
    this.number = number;
    this.mac = firstMac + number;
    this.macText = macOfMachine(number);
    this.address = addressOfMachine(number);
    this.relay = relayOf(number);
    this.settings = new Map([['mac', this.macText]]);
  }

  /** Upper half: whose it is; lower half: what was asked. */
  get xid(): number {
    return this.number * 0x1_0000 + (this.serial & 0xffff);
  }
}

/** What the parts of the load tell about a machine. */
export interface Fleet {
  readonly machines: readonly Machine[];
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** A stage is done: what comes next begins. */
  next(machine: Machine): void;
  /** It asks once more. */
  again(what: 'dhcp' | 'tftp' | 'http'): void;
  /** It has asked as often as firmware does. */
  fail(machine: Machine): void;
  /** An answer is not what it must be: the run is worth nothing, and ends. */
  wrong(machine: Machine, what: string): never;
}
