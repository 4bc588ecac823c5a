import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

/** Colours a text where its stream shows colours, and leaves it alone elsewhere. */
export type Paint = (style: Style, text: string) => string;

export function painter(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

/** East Asian and emoji: two columns each, on every terminal that knows them. */
const wide =
  /^(?:\p{Emoji_Presentation}|\p{sc=Han}|\p{sc=Hangul}|\p{sc=Hiragana}|\p{sc=Katakana}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])/u;
/** They stand on the character before them. */
const combining = /^[\p{M}\p{Cf}]$/u;

/** How many columns a text takes; control characters must have been escaped (shared/printable.ts). */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (!combining.test(character)) width += wide.test(character) ? 2 : 1;
  }
  return width;
}

/** Filled up with spaces to a width; longer text stays as it is. */
export function padTo(width: number, text: string): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Broken between words into lines of at most that width; a word that is longer than a line is broken where the line ends. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const end = () => {
    lines.push(line);
    line = '';
    used = 0;
  };
  for (const word of text.split(' ')) {
    const size = widthOf(word);
    if (used > 0 && used + 1 + size > width) end();
    else if (used > 0) {
      line += ' ';
      used++;
    }
    for (const character of size > width ? word : [word]) {
      const more = widthOf(character);
      if (used > 0 && used + more > width) end();
      line += character;
      used += more;
    }
  }
  end();
  return lines;
}

/** One line of JSON that no terminal obeys, whoever wrote the texts in it: everything beyond ASCII is escaped. */
export function jsonLine(value: unknown): string {
  const escaped = JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${escaped}\n`;
}
