/** Traces of one machine that are remembered, the last ones: DHCP makes a new xid for every try. */
const perMachine = 16;

/** Which machines with a boot under way have left a trace: an address, a client UUID, an xid, a trace id. */
export class Identities {
  /** Nearly every trace is of one machine: a set for each would be most of the memory. */
  readonly #machines = new Map<string, string | Set<string>>();
  readonly #traces = new Map<string, Set<string>>();

  learn(mac: string, traces: readonly string[]): void {
    const known = this.#traces.get(mac) ?? new Set();
    this.#traces.set(mac, known);
    for (const trace of traces) {
      const isKnown = known.delete(trace);
      known.add(trace);
      if (!isKnown) this.#learnOne(trace, mac);
    }
    for (const trace of known) {
      if (known.size <= perMachine) break;
      known.delete(trace);
      this.#unlearn(trace, mac);
    }
  }

  forget(mac: string): void {
    for (const trace of this.#traces.get(mac) ?? []) this.#unlearn(trace, mac);
    this.#traces.delete(mac);
  }

  readonly machines = (trace: string): Iterable<string> => {
    const machines = this.#machines.get(trace) ?? nobody;
    return typeof machines === 'string' ? [machines] : machines;
  };

  #learnOne(trace: string, mac: string): void {
    const machines = this.#machines.get(trace);
    if (machines === undefined) this.#machines.set(trace, mac);
    else if (typeof machines !== 'string') machines.add(mac);
    else if (machines !== mac) this.#machines.set(trace, new Set([machines, mac]));
  }

  #unlearn(trace: string, mac: string): void {
    const machines = this.#machines.get(trace);
    if (typeof machines === 'object') machines.delete(mac);
    if (machines === mac || (typeof machines === 'object' && machines.size === 0))
      this.#machines.delete(trace);
  }
}

const nobody: Iterable<string> = [];
