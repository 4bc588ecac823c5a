/** A URL without what may be secret in it: its user, its query and its fragment. */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** A boot file, which may be a URL that a record or an operator wrote. */
export function shownFile(file: string | undefined): string | undefined {
  if (file === undefined || !file.includes('://')) return file;
  return URL.canParse(file) ? shownUrl(new URL(file)) : '(no URL that can be read)';
}
