/** What stands in place of a secret. */
export const hidden = '[hidden]';

/**
 * What is named like a secret, and then its value: `registry_password=word`, `password="some words"`, `"token": "word"`, also inside
 * of JSON, where quotes stand behind a backslash. A value without quotes ends only at white space or a quote. Every part is bounded, so
 * that a hostile text takes linear time.
 */
const secret =
  /((?:password|passwd|secret|token)[\w-]{0,32}(?:=|\\?["']\s?:\s?(?=\\?["'])))(?:(\\?["'])(?:\\.|[^\\]){0,1000}?\2|(?:\\?["'])?[^\s"']+)/gis;

/**
 * A kernel logs its command line when it starts, and ours carries registry credentials: the value of anything that is named like
 * a secret is hidden before a text goes on. Quotes stay, so that JSON can still be read.
 */
export function withoutSecrets(text: string): string {
  return text.replace(secret, (_all, name: string, quote = '') => `${name}${quote}${hidden}${quote}`);
}

/** Whether a name is that of a secret. */
export function isSecret(name: string): boolean {
  return /password|passwd|secret|token/i.test(name);
}
