import { mock } from 'node:test';
import { expect } from 'chai';
import type { BootEvent } from '#shared/events/event.ts';
import { type RawAnswer, type RunningHttp, rawHttp } from './http.ts';
import { until } from './until.ts';

/** A field that no direct way knows: the request goes through the routes. */
export const detour = 'X-Detour: 1';

export const lines = (...of: readonly string[]) => [...of, '', ''].join('\r\n');
export const iPxe = ['User-Agent: iPXE/1.21.1+', 'Host: boot:8080'];

/** What is left of what was said when times and ports are taken away. */
export interface Said {
  readonly answer: Omit<RawAnswer, 'body'> & { readonly body: string };
  readonly line: Readonly<Record<string, unknown>>;
  /** Undefined when it is only counted as one more. */
  readonly event: ReturnType<typeof withoutTimes> | undefined;
  /** It went past the routes. */
  readonly direct: boolean;
}

/** A way past the routes: true for what it has answered. */
interface DirectWay {
  answer(...of: never[]): boolean | Promise<boolean>;
}

/** Asks, and gives back what was answered, logged and told, and whether it went this way. */
export async function ask(way: DirectWay, http: RunningHttp, request: string): Promise<Said> {
  const [before, events] = [http.log.length, http.reporter.events.length];
  const answering = mock.method(way, 'answer');
  try {
    const answer = await rawHttp(http.port, request);
    await until('its line', () => http.log.length > before);
    const { date: _date, ...headers } = answer.headers;
    const { time: _time, ms: _ms, peer, ...line } = http.log[before]!;
    expect(peer).to.match(/^127\.0\.0\.1:\d+$/);
    // One that says how often it was is about earlier ones, too.
    const event = http.reporter.events.slice(events).find(({ repeats }) => repeats === undefined);
    if (event !== undefined) expect(event.details.peer).to.equal(peer);
    return {
      answer: {
        ...answer,
        headers,
        body: answer.body.toString('utf8').replaceAll(`:${http.port}/`, ':PORT/'),
      },
      line,
      event: event && withoutTimes(event),
      direct: (await answering.mock.calls[0]?.result) === true,
    };
  } finally {
    answering.mock.restore();
  }
}

/** As it is told: what is undefined is left out. */
export function withoutTimes({ at: _at, ms: _ms, details, ...event }: BootEvent): Record<string, unknown> {
  return JSON.parse(JSON.stringify({ ...event, details: { ...details, peer: undefined } }));
}

/** All counts; no times. */
export async function counts({ metrics }: RunningHttp): Promise<string> {
  const text = await metrics.metrics();
  return text
    .split('\n')
    .filter((line) => /^(smee_http|jobs)_/.test(line) && !/_sum\{|_bucket\{/.test(line))
    .toSorted()
    .join('\n');
}

/** What is counted as one more is told later, with how often it was. */
export function expectTheSame(said: Said, due: Said): void {
  const event = said.event ?? due.event;
  expect({ ...said, event, direct: undefined }).to.deep.equal({ ...due, direct: undefined });
}

/** An answer, with all that follows it on its connection, but for the time of day. */
export function withoutDates({ statusLine, headers, body }: RawAnswer) {
  const { date: _date, ...others } = headers;
  return { statusLine, headers: others, body: body.toString('latin1').replace(/date: .*\r\n/gi, '') };
}
