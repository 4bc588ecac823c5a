/**
 * One message of a stream (HTML standard, 9.2 Server-sent events). JSON has no line break, so the data is one line.
 * @param id what the browser shows again, as Last-Event-ID, when it comes back
 */
export function sseMessage(event: string, data: unknown, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
