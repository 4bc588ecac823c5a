import { z } from 'zod';
import { jsonOf } from './command.ts';

export interface Neighbour {
  readonly address: string;
  readonly mac: string;
}

const entries = z.array(z.object({ dst: z.string(), lladdr: z.string().optional() }));

/** Hosts on an interface whose MAC the kernel knows. */
export async function neighboursOf(device: string): Promise<readonly Neighbour[]> {
  const { data = [] } = entries.safeParse(await jsonOf('ip', ['-j', '-4', 'neigh', 'show', 'dev', device]));
  return data.flatMap(({ dst: address, lladdr: mac }) => (mac === undefined ? [] : [{ address, mac }]));
}
