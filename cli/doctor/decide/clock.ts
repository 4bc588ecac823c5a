import type { ClockFact, Facts } from '../facts.ts';
import { type Finding, found } from '../findings.ts';

const minute = 60_000;
const hour = 60 * minute;

/** What a clock that is kept may differ by: nothing of ours minds less. */
const keptTolerance = 5 * minute;
/** A battery clock may run in local time, which is up to 14 hours off. */
const batteryTolerance = 15 * hour;
/** Files of another host come with the times of its clock. */
const pastTolerance = hour;

/**
 * Whether the clock is wrong, by what other clocks say. NTP has the last word. Without it: a battery clock that is most of a day off,
 * or a time that should be past and lies in the future, makes it likely.
 */
export function judgeClock({ clocks }: Facts): readonly Finding[] {
  const kept = clocks.filter((one) => one.kept);
  if (kept.length > 0) {
    const off = kept.filter(({ ahead }) => Math.abs(ahead) > keptTolerance);
    if (off.length === 0) return [];
    return [verdict(off, off.length === kept.length ? 'certain' : 'likely')];
  }
  const off = clocks.filter(({ kind, ahead }) =>
    kind === 'clock' ? Math.abs(ahead) > batteryTolerance : ahead > pastTolerance,
  );
  return off.length === 0 ? [] : [verdict(off, 'likely')];
}

function verdict(signs: readonly ClockFact[], sure: Finding['sure']): Finding {
  const said = signs.slice(0, 3).map(({ source, ahead }) => {
    return `${source} is ${spell(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} it`;
  });
  return found('clock-off', `Compared with the clock of this host: ${said.join('; ')}.`, sure);
}

/** `1.0 days` */
function spell(ms: number): string {
  if (ms >= 24 * hour) return `${(ms / (24 * hour)).toFixed(1)} days`;
  return ms >= hour ? `${(ms / hour).toFixed(1)} hours` : `${Math.round(ms / minute)} minutes`;
}
