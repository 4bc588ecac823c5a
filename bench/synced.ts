import { readFile } from 'node:fs/promises';
import { until } from '../test/support/until.ts';

/** When a service that logs into a file got in sync with so many records, in milliseconds since 1970. */
export async function syncedAt(log: string, records: number, withinMs: number): Promise<number> {
  const said = new RegExp(`^\\{.*"time":"([^"]+)".*"records":${records},.*"msg":"synced"`, 'm');
  let time: string | undefined;
  await until(
    `synced with ${records} records`,
    async () => {
      time = said.exec(await readFile(log, 'utf8').catch(() => ''))?.[1];
      return time !== undefined;
    },
    withinMs,
  );
  return Date.parse(time ?? '');
}
