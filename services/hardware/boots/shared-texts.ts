import type { Fact } from '../decide/boots/fact.ts';
import { Remembered } from './remembered.ts';

/** Texts that are remembered. */
const remembered = 4096;

/** Holds once what many facts say: ten thousand machines ask for the same few files, by the same few names. */
export class SharedTexts {
  readonly #texts = new Remembered(remembered, (text) => text);

  /** The same fact, whose texts are those of the facts before it where they are alike. */
  of(fact: Fact): Fact {
    const one = this.#texts.of;
    const { type, said, detail, file, arch, client, relay } = fact;
    return {
      ...fact,
      type: type === undefined ? undefined : one(type),
      said: one(said),
      detail: one(detail),
      file: one(file),
      arch: one(arch),
      client: one(client),
      relay: one(relay),
    };
  }
}
