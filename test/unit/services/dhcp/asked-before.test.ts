import { expect } from 'chai';
import { AskedBefore } from '../../../../services/dhcp/asked-before.ts';

/** A request of a machine, of a type (option 53 comes first). */
function request(machine: number, type: number, length = 300): Uint8Array {
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(30, machine);
  bytes.set([53, 1, type], 240);
  return bytes;
}

describe('services/dhcp/asked-before.ts', () => {
  it('knows what a machine asks for the second time', () => {
    const asked = new AskedBefore();
    const all = [request(1, 1), request(1, 3), request(1, 1, 420), request(1, 3, 420), request(2, 1)];
    expect(all.map((one) => asked.has(one))).to.deep.equal(all.map(() => false));
    expect(all.map((one) => asked.has(one))).to.deep.equal(all.map(() => true));
  });

  it('looks neither at the xid nor at the seconds', () => {
    const asked = new AskedBefore();
    asked.has(request(1, 1));
    const again = request(1, 1);
    again.set([1, 2, 3, 4, 5, 6], 4);
    expect(asked.has(again)).to.equal(true);
  });

  it('begins anew when there are more machines than it has room for', () => {
    const asked = new AskedBefore();
    for (let machine = 0; machine < 32_768; machine++) asked.has(request(machine, 1));
    expect(asked.has(request(0, 1))).to.equal(true);
    expect(asked.has(request(0, 3))).to.equal(false);
    expect(asked.has(request(32_768, 1))).to.equal(false);
    expect(asked.has(request(0, 1))).to.equal(false);
  });
});
