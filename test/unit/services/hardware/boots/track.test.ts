import { expect } from 'chai';
import { Track } from '../../../../../services/hardware/boots/track.ts';
import { beginningOf, type Fact } from '../../../../../services/hardware/decide/boots/fact.ts';

const begun = 1_800_000_000_000;

const discover = (at: number): Fact => ({
  ...beginningOf(at, { arch: 'x86_64-efi', client: 'PXE firmware' }),
  type: 'DISCOVER',
  said: 'OFFER',
  outcome: 'yes',
});
const loader = (at: number): Fact => ({ ...discover(at), kind: 'loader', stage: 'tftp', said: 'loader' });

/** A machine that gets its loader and begins anew, every so many seconds. @returns how many boots are judged after each */
function restarting(times: number, seconds: number): readonly number[] {
  const track = new Track('52:54:00:77:00:01');
  let id = 0;
  return Array.from({ length: times }, (_, boot) => {
    const now = begun + boot * seconds * 1000;
    track.add(discover(now), now);
    track.add(loader(now + 100), now);
    const { attempts } = track.settle(() => ++id, now);
    track.seal(now);
    return attempts.length;
  });
}

describe('services/hardware/boots/track.ts', () => {
  it('judges only the last boots of a machine that restarts again and again', () => {
    // The last two, the one that has just begun, and those that were followed by another in the last half minute.
    expect(Math.max(...restarting(100, 10))).to.equal(6);
  });

  it('judges all of the last ten minutes of a machine that restarts now and then', () => {
    expect(restarting(2, 200)).to.deep.equal([1, 2]);
  });

  it('gives every boot an id of its own, also those that are judged no more', () => {
    const track = new Track('52:54:00:77:00:01');
    let id = 0;
    const ids = Array.from({ length: 20 }, (_, boot) => {
      const now = begun + boot * 10_000;
      track.add(discover(now), now);
      track.add(loader(now + 100), now);
      track.settle(() => ++id, now);
      track.seal(now);
      return track.bootAt(now);
    });
    expect(ids).to.deep.equal(Array.from({ length: 20 }, (_, boot) => boot + 1));
  });
});
