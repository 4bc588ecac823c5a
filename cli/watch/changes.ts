import type { Boot__Output as Boot } from '#shared/generated/smee/boot/v1/Boot.ts';

/** So many boots are remembered; the one that changed first is forgotten first, and told anew when it is heard of again. */
const remembered = 10_000;

/** Which boots are in another state than when they were last seen: they come with each of their events. */
export class Changes {
  readonly #last = new Map<number, string>();

  isNew({ id = 0, state, stage, reason, detail }: Boot): boolean {
    const now = state === 'BOOTING' ? 'BOOTING' : [state, stage, reason, detail].join(' ');
    if (this.#last.get(id) === now) return false;
    this.#last.delete(id);
    this.#last.set(id, now);
    const [oldest] = this.#last.keys();
    if (this.#last.size > remembered && oldest !== undefined) this.#last.delete(oldest);
    return true;
  }
}
