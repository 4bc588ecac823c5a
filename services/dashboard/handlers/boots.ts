import { z } from 'zod';
import type { BootClient } from '#shared/events/client.ts';
import { RequestRefused } from '../refusal.ts';
import type { BootPage, BootStory, Explanation, Fleet } from '../wire/api.ts';
import { stateName, toBoot, toEvent, toExplanation, toGap, toSummary } from '../wire/boots.ts';
import { read } from './read.ts';

/** How many of each are on the page that shows all at a glance. */
const glance = 12;

/** The fleet at a glance: each of four lists is a question of its own, so that none hides another. */
export async function readFleet(boots: BootClient): Promise<Fleet> {
  const ask = (request: Parameters<BootClient['list']>[0]) =>
    boots.list({ pageSize: glance, latest: true, ...request });
  const [failed, booting, unknown, lately] = await Promise.all([
    ask({ states: ['FAILED'], unknown: 'LEFT_OUT' }),
    ask({ states: ['BOOTING'] }),
    ask({ unknown: 'ONLY' }),
    ask({ states: ['BOOTED', 'HANDED_OVER'] }),
  ]);
  return {
    summary: toSummary(lately.summary),
    failed: failed.boots.map(toBoot),
    booting: booting.boots.map(toBoot),
    unknown: unknown.boots.map(toBoot),
    lately: lately.boots.map(toBoot),
    gaps: lately.gaps.map(toGap),
  };
}

const listQuery = z.object({
  state: z.enum(['booting', 'booted', 'failed', 'handed-over']).optional(),
  unknown: z.literal('true').optional(),
  search: z.string().max(200).default(''),
  page: z.string().max(500).default(''),
});

/** The machines' last boots, a page of them. */
export async function listBoots(boots: BootClient, query: unknown): Promise<BootPage> {
  const { state, unknown, search, page } = read(listQuery, query);
  const answer = await boots.list({
    pageSize: 100,
    pageToken: page,
    states: state === undefined ? [] : [stateName(state)],
    unknown: unknown !== undefined ? 'ONLY' : state === 'failed' ? 'LEFT_OUT' : 'INCLUDED',
    search,
    latest: true,
  });
  return {
    boots: answer.boots.map(toBoot),
    next: answer.nextPageToken ?? '',
    summary: toSummary(answer.summary),
  };
}

const storyQuery = z.union([
  z.object({ id: z.coerce.number().int().min(1) }),
  z.object({ machine: z.string().min(1).max(255) }),
]);

/** One boot with its events: by its id, or a machine's last one. */
export async function readStory(boots: BootClient, query: unknown): Promise<BootStory> {
  const story = await boots.get(read(storyQuery, query));
  if (story?.boot === undefined)
    throw new RequestRefused(404, 'not-found', 'Nothing was heard of this machine yet.');
  return {
    boot: toBoot(story.boot),
    events: story.events.map(toEvent),
    others: story.others.map(toBoot),
    gaps: story.gaps.map(toGap),
  };
}

const explainQuery = z.object({
  machine: z.string().min(1).max(255),
  arch: z.string().max(40).default(''),
  firmware: z.enum(['', 'pxe', 'http', 'ipxe']).default(''),
});

/** What each step would answer the machine now. */
export async function explainBoot(boots: BootClient, query: unknown): Promise<Explanation> {
  return toExplanation(await boots.explain(read(explainQuery, query)));
}
