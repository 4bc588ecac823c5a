/**
 * Media types by the end of the name. UEFI HTTP Boot decides by media type first and by the end of the URL second (UEFI 2.10
 * §24.7.3.1), so the EFI types are exact; what firmware and iPXE take as mere bytes is `application/octet-stream`. No type here
 * invites anyone to compress or unpack on the way: a `.gz` stays a `.gz`.
 */
const types: Readonly<Record<string, string>> = {
  efi: 'application/efi',
  iso: 'application/vnd.efi-iso',
  img: 'application/vnd.efi-img',
  ipxe: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  cfg: 'text/plain; charset=utf-8',
  json: 'application/json',
};

export const plainText = 'text/plain; charset=utf-8';

export function mediaTypeOf(name: string): string {
  const [, end = ''] = /\.([a-z0-9]+)$/i.exec(name) ?? [];
  const type = Object.hasOwn(types, end.toLowerCase()) ? types[end.toLowerCase()] : undefined;
  return type ?? 'application/octet-stream';
}
