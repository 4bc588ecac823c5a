/** What was found for a text, so that it is not looked for again. Bounded: when there is too much of it, all is forgotten. */
export class Remembered {
  readonly #most: number;
  readonly #find: (text: string) => string;
  readonly #found = new Map<string, string>();

  /** @param most texts at a time */
  constructor(most: number, find: (text: string) => string) {
    this.#most = most;
    this.#find = find;
  }

  readonly of = (text: string): string => {
    const known = this.#found.get(text);
    if (known !== undefined) return known;
    const found = this.#find(text);
    if (this.#found.size >= this.#most) this.#found.clear();
    this.#found.set(text, found);
    return found;
  };

  forget(): void {
    this.#found.clear();
  }
}
