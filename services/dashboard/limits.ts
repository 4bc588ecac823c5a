/** What a browser may cost us. Times in milliseconds, sizes in bytes. */
export const limits = {
  /** Browsers that are told live what happens; each holds a connection. */
  streams: 100,
  /** What one of them may be behind before it is cut off; it comes back and goes on where it was. */
  behind: 4 * 1024 * 1024,
  /** What is kept for those who come back. More than that, and they read everything anew. */
  recent: 2 * 1024 * 1024,
  /** Between two signs of life on a stream. */
  tick: 15_000,
  /** How long the fleet's answer is good for: a hundred browsers ask the hardware service no oftener than one. */
  fleet: 500,
  /** A record that is edited, as JSON. */
  body: 16_384,
  connections: 1000,
  /** From a connection's first byte to the end of its request. */
  request: 15_000,
  /** Wrong tokens of one address: so many at once, then one in ten seconds. */
  wrongTokens: { burst: 5, perSecond: 0.1, addresses: 1000 },
};

/** Limits that tests make smaller. */
export type Limits = Readonly<typeof limits>;
