import { expect } from 'chai';
import { curlArgs } from '../../../../../cli/doctor/probe/tftp.ts';

describe('cli/doctor/probe/tftp', () => {
  it('asks curl for the very name that a record has, by no settings but ours', () => {
    const args = curlArgs({ host: '192.0.2.1', port: 69 }, 'efi/[1-9]{a,b};mode=netascii#x', 512);
    expect(args[0]).to.equal('-q');
    expect(args).to.include('--globoff');
    expect(args.at(-1)).to.equal('tftp://192.0.2.1:69/efi/%5B1-9%5D%7Ba%2Cb%7D%3Bmode%3Dnetascii%23x');
  });
});
