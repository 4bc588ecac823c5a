import { expect } from 'chai';
import fc from 'fast-check';
import { fromStruct, type JsonObject, toStruct } from '#shared/hardware/struct.ts';
import { throughTheWire } from '../../../support/contract.ts';

const roundTrip = (object: JsonObject) => fromStruct(throughTheWire({ other: toStruct(object) }).other!);

describe('shared/hardware/struct.ts', () => {
  it('brings every JSON object over the wire and back', () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(json, (object) => {
        // JSON has one zero only.
        const plain = JSON.parse(JSON.stringify(object)) as JsonObject;
        expect(roundTrip(plain)).to.deep.equal(plain);
      }),
    );
  });

  it('tells null, false, 0, the empty text, list and object apart', () => {
    const object = { a: null, b: false, c: 0, d: '', e: [], f: {} };
    expect(roundTrip(object)).to.deep.equal(object);
  });
});
