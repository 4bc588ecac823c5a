/** Markup that is escaped already. */
export type Markup = string & { readonly markup: unique symbol };

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element of SVG. Numbers are rounded to a tenth of a pixel, attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes, ...children: readonly Markup[]): Markup {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? round(value) : `${value}`)}"`)
    .join('');
  const inner = children.join('');
  return markup(inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`);
}

/** What stands between tags. */
export function words(text: string): Markup {
  return markup(escaped(text));
}

/** Elements below each other, a line each: a picture that is committed should give readable differences. */
export function lines(...elements: readonly Markup[]): Markup {
  return markup(elements.map((one) => `\n${one}`).join(''));
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function markup(text: string): Markup {
  return text as Markup;
}
