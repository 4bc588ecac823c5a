import { expect } from 'chai';
import { StepError } from '../../../../cli/simulate/failure.ts';
import { timesTable } from '../../../../cli/simulate/report.ts';
import type { StepResult } from '../../../../cli/simulate/steps.ts';

const worked = (ms: number): StepResult => ({ step: 'kernel', ms, said: '' });
const failed: StepResult = { step: 'initrd', ms: 9000, said: '', failure: new StepError('gone') };

describe('cli/simulate/report.ts', () => {
  it('sums up the steps that there were, in the order of a boot', () => {
    const times = Array.from({ length: 100 }, (_, at) => worked(at + 1));
    const [head, ...rows] = timesTable([failed, ...times.reverse()])
      .trimEnd()
      .split('\n');
    expect(head?.split(/ +/)).to.deep.equal(['step', 'done', 'failed', 'median', 'p99', 'max']);
    expect(rows.map((row) => row.split(/ {2,}/))).to.deep.equal([
      ['kernel', '100', '0', '50 ms', '99 ms', '100 ms'],
      ['initrd', '0', '1', '–', '–', '–'],
    ]);
  });
});
