/**
 * A kernel logs its command line when it starts, and ours carries registry credentials: the value of anything that is named like
 * a secret is hidden before a text goes on.
 */
const secret = /((?:password|passwd|secret|token)=)[^\s"'&,;]+/gi;

export function withoutSecrets(text: string): string {
  return text.replace(secret, '$1[hidden]');
}
