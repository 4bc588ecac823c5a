import { expect } from 'chai';
import { columns } from '../../../../cli/hardware/format.ts';

describe('cli/hardware/format.ts', () => {
  it('prints cells in columns as wide as their widest, a dash where one is empty', () => {
    const rows = [
      ['NAME', 'MAC'],
      ['a', ''],
      ['rack1-node07', '52:54:00:77:00:07'],
    ];
    expect(columns(rows)).to.equal('NAME          MAC\na             –\nrack1-node07  52:54:00:77:00:07\n');
  });

  it('prints as many rows as there are, also more than a function takes arguments', () => {
    const rows = Array.from({ length: 200_000 }, (_, at) => [`m${at}`, 'x']);
    expect(columns(rows).split('\n')).to.have.length(200_001);
  });
});
