import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatIp4, type Ip4 } from '#shared/ip4.ts';
import type { ClockFact } from '../facts.ts';

const answerWithin = 2000;
const maxServers = 4;

/** From 1900, where NTP begins, to 1970. */
const ntpEpoch = 2_208_988_800_000;

/** A battery clock before this has lost its time (2024-01-01). */
const plausibleFrom = 1_704_067_200_000;

interface Sources {
  /** NTP servers of the records. */
  readonly servers: readonly Ip4[];
  /** Files, and folders of files, that were written on this host. */
  readonly files: readonly string[];
  readonly lastBoot: number | undefined;
}

/** What other clocks say, and times that cannot lie in the future. */
export async function probeClocks({ servers, files, lastBoot }: Sources): Promise<readonly ClockFact[]> {
  const asked = [...new Set(servers)].slice(0, maxServers);
  const [told, battery, written] = await Promise.all([
    Promise.all(asked.map(askNtp)),
    readBattery(),
    newestOf(files),
  ]);
  const boot = lastBoot === undefined ? [] : [past('the last boot event', lastBoot)];
  return [...told.flatMap((fact) => fact ?? []), ...battery, ...written, ...boot];
}

function past(source: string, time: number): ClockFact {
  return { source, kind: 'past', ahead: time - Date.now(), kept: false };
}

/** SNTP (RFC 4330): one question; undefined without a usable answer. */
async function askNtp(server: Ip4): Promise<ClockFact | undefined> {
  const host = formatIp4(server);
  const socket = createSocket('udp4');
  // Version 4, mode 3 (client); the transmit timestamp is any number, which the answer repeats.
  const question = Buffer.alloc(48);
  question[0] = 0x23;
  const nonce = randomBytes(8);
  nonce.copy(question, 40);
  const { promise, resolve } = Promise.withResolvers<ClockFact | undefined>();
  const timer = setTimeout(() => resolve(undefined), answerWithin);
  socket.on('error', () => resolve(undefined));
  socket.on('message', (answer) => {
    const isAnswer =
      answer.length >= 48 && (answer.readUInt8(0) & 7) === 4 && answer.subarray(24, 32).equals(nonce);
    const [leap, stratum] = [answer.readUInt8(0) >> 6, answer.readUInt8(1)];
    // A server that has no time itself says leap 3, or stratum 0 or 16.
    if (!isAnswer || leap === 3 || stratum === 0 || stratum > 15) return;
    const time = answer.readUInt32BE(40) * 1000 - ntpEpoch;
    resolve({ source: `NTP server ${host}`, kind: 'clock', ahead: time - Date.now(), kept: true });
  });
  socket.send(question, 123, host, (error) => error !== null && resolve(undefined));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

async function readBattery(): Promise<readonly ClockFact[]> {
  const text = await readFile('/sys/class/rtc/rtc0/since_epoch', 'latin1').catch(() => '');
  const time = Number(text) * 1000;
  if (text === '' || !(time > plausibleFrom)) return [];
  return [{ source: "the machine's battery clock", kind: 'clock', ahead: time - Date.now(), kept: false }];
}

/** The newest of the files. */
async function newestOf(paths: readonly string[]): Promise<readonly ClockFact[]> {
  const inside = await Promise.all(
    paths.map(async (path) => (await readdir(path).catch(() => [])).map((name) => join(path, name))),
  );
  const times = await Promise.all(
    [...paths, ...inside.flat()].map(async (path) => ({
      path,
      time: (await stat(path).catch(() => undefined))?.mtimeMs,
    })),
  );
  const known = times.flatMap(({ path, time }) => (time === undefined ? [] : [{ path, time }]));
  const newest = known.toSorted((a, b) => b.time - a.time)[0];
  return newest === undefined ? [] : [past(`the file ${newest.path}`, newest.time)];
}
