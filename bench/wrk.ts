import { type BenchLab, needPeer } from './bench-lab.ts';

/** Requests per second over so many kept connections in a second, as wrk sees them. @param how its script, if any, and the URL */
export async function wrk(
  { load }: BenchLab,
  connections: number,
  ...how: readonly string[]
): Promise<number> {
  const said = await load.run(needPeer('wrk'), ['-t1', `-c${connections}`, '-d1s', ...how]);
  if (/Non-2xx|Socket errors/.test(said)) throw new Error(said);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(said)?.[1]);
}
