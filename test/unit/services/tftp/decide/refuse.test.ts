import { expect } from 'chai';
import { type Reason, reasons } from '#shared/boot/reasons.ts';
import { refusal } from '../../../../../services/tftp/decide/refuse.ts';
import { encode } from '../../../../../services/tftp/wire/packet.ts';

describe('services/tftp/decide/refuse', () => {
  for (const [why, code] of [
    ['not-found', 1],
    ['loader-missing', 1],
    ['netboot-not-allowed', 2],
    ['outside-root', 2],
    ['write-refused', 2],
    ['bad-request', 4],
    ['no-transfer', 5],
    ['foreign-port', 5],
    ['too-many-transfers', 0],
    ['shutting-down', 0],
  ] as const) {
    it(`says ${why} with ERROR ${code}`, () => expect(refusal(why).code).to.equal(code));
  }

  it('names the reason and what it means, within the smallest datagram that everybody takes', () => {
    for (const why of Object.keys(reasons) as Reason[]) {
      expect(refusal(why).message).to.equal(`${why}: ${reasons[why].means}`);
      expect(encode(refusal(why)).length).to.be.at.most(516);
    }
  });
});
