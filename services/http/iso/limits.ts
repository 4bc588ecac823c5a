/** What an upstream may cost us. Times in milliseconds, sizes in bytes. */
export interface UpstreamLimits {
  /** From a request to the headers of its answer: name look-up, connection and TLS included. */
  readonly answer: number;
  /** How long it may keep us waiting for a body in all, and per MiB that has come: time that a slow machine takes does not count. */
  readonly wait: number;
  readonly waitPerMiB: number;
  readonly redirects: number;
  /** Of an ISO. */
  readonly size: number;
  /** Connections to one source at a time: one for each machine that is reading just now. */
  readonly connections: number;
}

export const upstreamLimits: UpstreamLimits = {
  answer: 10_000,
  wait: 15_000,
  waitPerMiB: 16_000,
  redirects: 10,
  size: 64 * 2 ** 30,
  connections: 256,
};

export const mountLimits = {
  /** A mount that nothing was asked of for so long is over. */
  idle: 3_600_000,
  /** Beyond it the one unused longest goes. */
  count: 10_000,
  /** The same for one machine, which reaches us by a name or two. */
  perMachine: 4,
  /** How old what we know of a source may be when a machine mounts it; then it is asked again whether it is still the same. */
  fresh: 60_000,
} as const;
