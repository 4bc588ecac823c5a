import { expect } from 'chai';
import { SharedTexts } from '../../../../../services/hardware/boots/shared-texts.ts';
import { beginningOf } from '../../../../../services/hardware/decide/boots/fact.ts';

describe('services/hardware/boots/shared-texts.ts', () => {
  it('changes nothing of what facts say, however many different texts there are', () => {
    const texts = new SharedTexts();
    for (let machine = 0; machine < 10_000; machine++) {
      const fact = { ...beginningOf(1, { arch: 'arm64-efi', client: `client ${machine}` }), type: undefined };
      const told = { ...fact, file: `${machine}/auto.ipxe`, detail: `${machine}`, relay: '10.0.0.1' };
      expect(texts.of(told)).to.deep.equal(told);
    }
  });
});
