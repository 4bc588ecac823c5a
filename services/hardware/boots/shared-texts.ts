import type { Fact } from '../decide/boots/fact.ts';

/** Texts that are remembered. */
const remembered = 4096;

/** Holds once what many facts say: ten thousand machines ask for the same few files, by the same few names. */
export class SharedTexts {
  readonly #texts = new Map<string, string>();

  /** The same fact, whose texts are those of the facts before it where they are alike. */
  of(fact: Fact): Fact {
    const { type, said, detail, file, arch, client, relay } = fact;
    return {
      ...fact,
      type: type === undefined ? undefined : this.#one(type),
      said: this.#one(said),
      detail: this.#one(detail),
      file: this.#one(file),
      arch: this.#one(arch),
      client: this.#one(client),
      relay: this.#one(relay),
    };
  }

  #one(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= remembered) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}
