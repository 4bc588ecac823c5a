/**
 * Many who want to know the same, each as it is when he asks: who comes while somebody looks shares the next look with all others
 * who come meanwhile. So there is never more than one under way, however many ask, and nobody is told what was so before he asked.
 */
export class Looks<T> {
  readonly #underWay = new Map<string, Promise<unknown>>();
  readonly #next = new Map<string, Promise<T>>();

  /** @param look never called twice at a time for one thing */
  ask(what: string, look: () => Promise<T>): Promise<T> {
    // Also when none is under way: the one that is over begins the next only after others may have asked.
    const waiting = this.#next.get(what);
    if (waiting !== undefined) return waiting;
    const underWay = this.#underWay.get(what);
    if (underWay === undefined) return this.#begin(what, look);
    const next = underWay.then(() => {
      this.#next.delete(what);
      return this.#begin(what, look);
    });
    this.#next.set(what, next);
    return next;
  }

  #begin(what: string, look: () => Promise<T>): Promise<T> {
    const looking = look();
    const over: Promise<void> = looking.then(
      () => this.#end(what, over),
      () => this.#end(what, over),
    );
    this.#underWay.set(what, over);
    return looking;
  }

  #end(what: string, over: Promise<unknown>): void {
    if (this.#underWay.get(what) === over) this.#underWay.delete(what);
  }
}
